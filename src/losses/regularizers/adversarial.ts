/**
 * The adversary of an adversarial autoencoder: a discriminator D, the log-odds that a code is a draw from the prior, learns to tell codes
 * from draws, and the encoder to be taken for the prior:
 *
 *     discriminator  minimizes  (E_p softplus(-D(z)) + E_q softplus(D(z))) / 2
 *     penalty                   E_q softplus(-D(z))
 *
 * The penalty is the non-saturating one, whose gradient does not vanish where the discriminator wins. It is ln 2 where codes and draws
 * cannot be told apart. With the objective `elbo` at beta 0 this is the adversarial autoencoder.
 */
import { defineRegularizer } from "../../spec/define.js";
import { type Scalar, tf } from "../../tensor/tensor.js";
import { codesOf, MOVES_DRAWS, priorDraws } from "./codes.js";
import { discriminator, discriminatorFields } from "./discriminator.js";
import { WEIGHT } from "./weight.js";

export const adversarial = defineRegularizer({
  schema: {
    type: "object",
    title: "discriminator between the codes and the prior",
    description:
      "Makes the codes follow the prior. The discriminator trains in a phase of its own after each step of the model.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "adversarial" }, weight: WEIGHT, ...discriminatorFields("relu") },
  },
  formula: "E_q softplus(-D(z)), D minimizing (E_p softplus(-D(z)) + E_q softplus(D(z))) / 2",
  source: "Makhzani et al. 2016, section 2; the penalty: Goodfellow et al. 2014, section 3",
  capabilities: () => ["matches"],
  requires: () => [MOVES_DRAWS],
  create: ({ weight, ...fields }, context) => {
    const { logits, phase } = discriminator(context, fields);
    return {
      weight,
      unit: "nats",
      matchesPrior: true,
      penalty: (step): Scalar => tf.mean(tf.softplus(tf.neg(logits(codesOf(step))))),
      phases: [phase((step) => ({ first: priorDraws(step, "prior"), second: codesOf(step) }))],
    };
  },
});
