/**
 * The Riemannian Hamiltonian VAE: draws of a diagonal Gaussian that follow tempered Hamiltonian dynamics under a learned metric. The
 * metric stands on K landmarks: training examples chosen by the seed, whose posterior means are the centroids c_k, and whose features
 * give L_k by one dense layer. Landmarks are encoded anew in each step, so the metric has a gradient in the encoder.
 *
 * The published code (pythae) sums over the batch in training and over all training examples, as the last epoch saw them, in
 * evaluation: a draw then depends on the examples beside it, and the two metrics differ in scale. With fixed landmarks, one metric trains
 * and evaluates, and a step needs no memory. Published L_k come from a network of their own over x. Published too, but not kept here, for
 * without them p(x, z_K) / q is an unbiased estimate of p(x): G of the old position in the second leapfrog equation, a first momentum that
 * has the covariance of M of the example itself, and a bound without the density of that momentum.
 */
import { generalizedLeapfrog } from "../../distributions/generalized-leapfrog.js";
import { landmarkMetric } from "../../distributions/landmark-metric.js";
import { VaelabError } from "../../errors.js";
import { lazily } from "../../numerics/lazily.js";
import { mapValues } from "../../numerics/records.js";
import { definePosterior } from "../../spec/define.js";
import { type FieldSchema, sizeOf } from "../../tensor/fields.js";
import type { Parameter } from "../../tensor/parameters.js";
import { tf } from "../../tensor/tensor.js";
import { belowDiagonal, diagonalMatrix, strictlyLower } from "../../tensor/triangular.js";
import { stepSizeOf, TEMPERED, temperedDraws } from "./tempered.js";

export const riemannianHamiltonian = definePosterior({
  schema: {
    type: "object",
    title: "Riemannian Hamiltonian dynamics from a diagonal Gaussian",
    description:
      "The KL is estimated from draws, in the space of positions and momenta. Each step costs one solution of a D x D system an example.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "riemannian-hamiltonian" },
      ...TEMPERED,
      stepSize: stepSizeOf(0.01),
      iterations: {
        type: "integer",
        minimum: 1,
        maximum: 20,
        default: 3,
        description:
          "Fixed-point iterations of each implicit equation; with too few the bound is biased, and with too long steps they diverge",
      },
      landmarks: {
        type: "integer",
        minimum: 1,
        default: 100,
        description: "Training examples that the metric stands on, chosen by the seed. Each step encodes them all",
      },
      temperature: {
        type: "number",
        exclusiveMinimum: 0,
        default: 1.5,
        description: "Distance T from a landmark at which its weight is 1 / e",
      },
      regularization: {
        type: "number",
        exclusiveMinimum: 0,
        default: 0.01,
        description: "lambda: the inverse metric far from all landmarks",
      },
    },
  },
  formula:
    "G(z)^-1 = sum_k L_k L_k' exp(-|z - c_k|^2 / T^2) + lambda I, c_k = m(x_k), L_k = L(x_k)\nH = -ln p(x, z) + ln|G(z)| / 2 + rho' G(z)^-1 rho / 2\nz_0 ~ N(m(x), diag exp(l(x))), rho_0 = r / sqrt(b_0), r ~ N(0, G(z_0)), K generalized leapfrog steps, rho <- sqrt(b_{k-1} / b_k) rho\nln q = ln q_0(z_0) + ln N(r; 0, G(z_0)) - ln N(rho_K; 0, G(z_K))",
  source: "Chadebec, Mantoux & Allassonnière 2020, sections 3 and 4, with a fixed set of landmarks",
  capabilities: () => ["density", "reparameterized", "joint", "metric", "encodes"],
  examples: ({ landmarks }) => landmarks as number,
  create: ({ iterations, landmarks, temperature, regularization, ...fields }, context) => {
    const { latent, parameters, inputs, examples } = context;
    if (!inputs || !examples)
      throw new VaelabError("CONTRACT", { message: "a posterior of landmarks was built without training examples" });
    const size = sizeOf(latent);
    const { mean, output, draws } = temperedDraws(fields, context);
    const logDiagonal = output("metric/log-diagonal", [size]);
    const below = size > 1 ? output("metric/below-diagonal", [belowDiagonal(size)]) : undefined;
    const chosen = lazily(() => examples(landmarks));
    const stored = mapValues<FieldSchema, Parameter>(inputs, ({ shape }, name) =>
      parameters(`landmarks/${name}`, [landmarks, ...shape], () => chosen()[name]!, { trainable: false }),
    );
    return {
      at: (maps, call) => {
        const encoded = call.encode!(mapValues(stored, ({ value }) => value));
        const diagonal = diagonalMatrix(tf.exp(logDiagonal(encoded)));
        const metric = landmarkMetric({
          centroids: tf.reshape(mean(encoded), [landmarks, size]),
          factors: below ? tf.add(strictlyLower(below(encoded), size), diagonal) : diagonal,
          temperature,
          regularization,
        });
        return draws(
          maps,
          call,
          (options) => generalizedLeapfrog({ ...options, metric, iterations }),
          (z) => {
            const local = metric(z);
            return { value: tf.mul(local.logDeterminant(), 0.5), gradient: local.slope(tf.zerosLike(z)) };
          },
        );
      },
    };
  },
});
