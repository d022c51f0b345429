/**
 * The total correlation KL(q(z) || prod_d q(z_d)) by a density ratio: a discriminator D learns to tell codes from codes whose dimensions
 * are permuted among the examples of the batch, each by itself. At its optimum D(z) = ln q(z) - sum_d ln q(z_d), so
 *
 *     discriminator  minimizes  (E_q softplus(-D(z)) + E_permuted softplus(D(z))) / 2
 *     penalty                   E_q D(z)
 *
 * A discriminator that has not learned yet estimates too little: it begins at 0. With the objective `elbo` this is the FactorVAE. It
 * needs no density of q, unlike `total-correlation`. The permuted codes are of the same batch, as in the authors' later study.
 */
import type { StepContext } from "../../contracts/index.js";
import { defineRegularizer } from "../../spec/define.js";
import { ascendingOrder, takeAlongRows } from "../../tensor/sorting.js";
import { type Scalar, type Tensor, tf } from "../../tensor/tensor.js";
import { codesOf, hasPairs, MOVES_DRAWS } from "./codes.js";
import { discriminator, discriminatorFields } from "./discriminator.js";
import { WEIGHT } from "./weight.js";

const NAME = "adversarial-total-correlation";

/** Codes [B, D] with each dimension permuted by itself. */
export const permutedDimensions = (codes: Tensor, step: Pick<StepContext, "call">): Tensor => {
  const columns = tf.transpose(codes);
  const order = ascendingOrder(step.call("permutation").noise.uniform("order", columns.shape));
  return tf.transpose(takeAlongRows(columns, order));
};

export const adversarialTotalCorrelation = defineRegularizer({
  schema: {
    type: "object",
    title: "total correlation of the aggregate posterior, by a discriminator",
    description:
      "Penalizes dependence between dimensions of the codes. The discriminator trains in a phase of its own after each step of the model.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: NAME }, weight: WEIGHT, ...discriminatorFields("leaky-relu") },
  },
  formula: "E_q D(z), D minimizing (E_q softplus(-D(z)) + E_permuted softplus(D(z))) / 2",
  source: "Kim & Mnih 2018, eq. 2 and 3, algorithm 2",
  requires: () => [MOVES_DRAWS],
  create: ({ weight, ...fields }, context) => {
    const { logits, phase } = discriminator(context, fields);
    return {
      weight,
      unit: "nats",
      penalty: (step): Scalar => tf.mean(logits(codesOf(step))),
      phases: [
        phase((step) => {
          hasPairs(NAME, step);
          const codes = codesOf(step);
          return { first: codes, second: permutedDimensions(codes, step) };
        }),
      ],
    };
  },
});
