/**
 * The Hilbert-Schmidt independence criterion of d variables with kernels K_1, ..., K_d over a batch of n examples, which is 0 in the
 * limit if and only if they are independent:
 *
 *     1/n^2 sum_ij prod_l K_l,ij + prod_l 1/n^2 sum_ij K_l,ij - 2/n sum_i prod_l 1/n sum_j K_l,ij
 *
 * Of two variables this is tr(K H L H) / n^2, H = I - 1/n. The variables are the dimensions of the codes, or the codes as one
 * variable and a field of the data, of which the codes are then to say nothing. Kernels are Gaussian, exp(-|x - y|^2 / C): C = 2 D for
 * D dimensions of codes, the mean of |x - y|^2 under a standard Gaussian prior; of a field it is that mean over the batch.
 */
import type { StepContext } from "../../contracts/index.js";
import { networkValue } from "../../nn/index.js";
import { defineRegularizer } from "../../spec/define.js";
import { squaredDistances } from "../../tensor/squared-distances.js";
import { type Scalar, type Tensor, tf } from "../../tensor/tensor.js";
import { codesOf, hasPairs, MOVES_DRAWS } from "./codes.js";
import { WEIGHT } from "./weight.js";

/** @param kernels [n, n] of each variable */
export const independenceCriterion = (kernels: readonly Tensor[]): Scalar => {
  const product = (factors: readonly Tensor[]): Tensor => factors.reduce((a, b) => tf.mul(a, b));
  const rows = kernels.map((kernel) => tf.mean(kernel, 1));
  const joint: Scalar = tf.mean(product(kernels));
  const apart = product(rows.map((row) => tf.mean(row))) as Scalar;
  const crossed: Scalar = tf.mean(product(rows));
  return tf.sub<Scalar>(tf.add(joint, apart), tf.mul(2, crossed));
};

const gaussian = (distances: Tensor, width: Tensor | number): Tensor => tf.exp(tf.neg(tf.div(distances, width)));

/** Of each dimension of the codes [n, D]. */
const dimensionKernels = (codes: Tensor): Tensor[] =>
  tf.split(codes, codes.shape[1]!, 1).map((column) => gaussian(squaredDistances(column, column), 2));

const codeKernel = (codes: Tensor): Tensor => gaussian(squaredDistances(codes, codes), 2 * codes.shape[1]!);

const fieldKernel = ({ model, batch }: StepContext, field: string): Tensor => {
  const seen = networkValue(model.fields[field]!, batch.fields[field]!);
  const values = tf.reshape(seen, [seen.shape[0]!, -1]);
  const distances = squaredDistances(values, values);
  // A batch in which the field is the same everywhere has no distance to scale by.
  return gaussian(distances, tf.maximum(tf.mean(distances), 1e-6));
};

export const hsic = defineRegularizer({
  schema: {
    type: "object",
    title: "Hilbert-Schmidt independence criterion of the codes",
    description:
      "Penalizes dependence between the dimensions of the codes, or between the codes and a field, such as a batch or a sensitive label.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "hsic" },
      weight: WEIGHT,
      field: {
        type: "string",
        description:
          "Field of the data that the codes are to be independent of; without it, the dimensions of each other",
      },
    },
  },
  formula:
    "1/n^2 sum_ij prod_l K_l,ij + prod_l 1/n^2 sum_ij K_l,ij - 2/n sum_i prod_l 1/n sum_j K_l,ij, K = exp(-|x - y|^2 / C)",
  source: "Lopez et al. 2018, section 3; Gretton et al. 2005, definition 2; Pfister et al. 2018, definition 2.6",
  requires: () => [MOVES_DRAWS],
  reads: ({ field }) => (typeof field === "string" ? field : undefined),
  create: ({ weight, field }) => ({
    weight,
    penalty: (step) => {
      if (!hasPairs("hsic", step)) return tf.scalar(0);
      const codes = codesOf(step);
      return independenceCriterion(
        field === undefined ? dimensionKernels(codes) : [codeKernel(codes), fieldKernel(step, field)],
      );
    },
  }),
});
