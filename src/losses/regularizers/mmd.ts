/**
 * The squared maximum mean discrepancy between the codes z_i of a batch, one draw an example, and as many draws p_i from the prior:
 *
 *     1 / (n (n - 1)) sum_{i != j} [k(z_i, z_j) + k(p_i, p_j)] - 2 / n^2 sum_ij k(z_i, p_j)
 *
 *     k(x, y) = sum_s C / (C + |x - y|^2)      inverse multiquadrics (Tolstikhin et al. 2018, section 4)
 *     k(x, y) = sum_s exp(-|x - y|^2 / C)      Gaussian kernels
 *     C = 2 D s, D the number of latent dimensions: 2 D is the mean of |x - y|^2 under a standard Gaussian prior.
 *
 * Its expectation is 0 where both have the same distribution, so a batch may give less than 0 (Gretton et al. 2012, lemma 6). With
 * the objective `elbo` at beta 0 this is the Wasserstein autoencoder WAE-MMD; at another beta it is the InfoVAE.
 */
import { defineRegularizer } from "../../spec/define.js";
import { squaredDistances } from "../../tensor/squared-distances.js";
import { type Scalar, type Tensor, tf } from "../../tensor/tensor.js";
import { codesOf, hasPairs, MOVES_DRAWS, priorDraws } from "./codes.js";
import { WEIGHT } from "./weight.js";

interface Kernel {
  kernel: "inverse-multiquadric" | "gaussian";
  scales: readonly number[];
}

/** Sum of k(x_i, y_j) over all pairs; where `paired`, x and y are the same rows and i = j is left out. */
const kernelSum = (x: Tensor, y: Tensor, { kernel, scales }: Kernel, paired: boolean): Scalar => {
  const distances = squaredDistances(x, y);
  const [rows, width] = x.shape as [number, number];
  const sums = scales.map((scale): Scalar => {
    const c = 2 * width * scale;
    return tf.sum(kernel === "gaussian" ? tf.exp(tf.mul(distances, -1 / c)) : tf.div(c, tf.add(distances, c)));
  });
  const total = tf.addN(sums) as Scalar;
  // k(x, x) = 1 at every scale.
  return paired ? tf.sub(total, rows * scales.length) : total;
};

/** @param x, y [n, D], n at least 2 */
export const squaredDiscrepancy = (x: Tensor, y: Tensor, kernel: Kernel): Scalar => {
  const n = x.shape[0]!;
  const within = tf.add(kernelSum(x, x, kernel, true), kernelSum(y, y, kernel, true));
  return tf.sub<Scalar>(tf.div(within, n * (n - 1)), tf.mul(2 / n ** 2, kernelSum(x, y, kernel, false)));
};

export const mmd = defineRegularizer({
  schema: {
    type: "object",
    title: "maximum mean discrepancy between the codes and the prior",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "mmd" },
      weight: WEIGHT,
      kernel: {
        enum: ["inverse-multiquadric", "gaussian"],
        default: "inverse-multiquadric",
        description: "Kernel; the inverse multiquadric has heavier tails",
      },
      scales: {
        type: "array",
        minItems: 1,
        items: { type: "number", exclusiveMinimum: 0 },
        default: [0.1, 0.2, 0.5, 1, 2, 5, 10],
        description:
          "Kernels that are summed; 1 is as wide as the mean squared distance of two draws from a standard Gaussian",
      },
    },
  },
  formula: "MMD^2(q(z), p(z)), unbiased, k = sum_s C / (C + |x - y|^2) or exp(-|x - y|^2 / C), C = 2 D s",
  source: "Tolstikhin et al. 2018, section 4; Gretton et al. 2012, lemma 6; Zhao et al. 2019",
  capabilities: () => ["matches"],
  requires: () => [MOVES_DRAWS],
  create: ({ weight, ...kernel }) => ({
    weight,
    matchesPrior: true,
    penalty: (step) =>
      hasPairs("mmd", step) ? squaredDiscrepancy(codesOf(step), priorDraws(step, "mmd"), kernel) : tf.scalar(0),
  }),
});
