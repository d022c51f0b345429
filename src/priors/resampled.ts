/**
 * Learned accept/reject sampling (LARS): N(0, I), whose draws a network accepts with the probability a(z). The mean acceptance Z is
 * estimated: in training from fresh draws, so the network cannot adapt to them; in every figure from the same evenly spread points.
 */
import { Resampled } from "../distributions/resampled.js";
import { ACTIVATIONS, SIZES, scalarNetwork } from "../nn/index.js";
import { lazily } from "../numerics/lazily.js";
import { normalPoints } from "../numerics/normal-points.js";
import { definePrior } from "../spec/define.js";
import { sizeOf } from "../tensor/fields.js";
import { logMeanExp } from "../tensor/mathematics.js";
import { type Tensor, tf } from "../tensor/tensor.js";

const MOST_SAMPLES = 2 ** 20;

export const resampled = definePrior({
  schema: {
    type: "object",
    title: "resampled prior (LARS)",
    description:
      "A standard Gaussian whose draws are accepted by a learned network. The density is exact up to the mean acceptance Z, which is estimated.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "resampled" },
      hidden: { ...SIZES, default: [100, 100], description: "Units of each hidden layer of the acceptance network" },
      activation: { enum: ACTIVATIONS, default: "tanh", description: "Activation after every hidden layer" },
      truncation: {
        type: "integer",
        minimum: 2,
        maximum: 10_000,
        default: 100,
        description: "Proposals of a draw; the last one is accepted in any case",
      },
      samples: {
        type: "integer",
        minimum: 1,
        maximum: MOST_SAMPLES,
        default: 1024,
        description: "Draws that estimate Z in a training step",
      },
      evaluationSamples: {
        type: "integer",
        minimum: 2,
        maximum: MOST_SAMPLES,
        multipleOf: 2,
        default: 16384,
        description: "Points that estimate Z outside training, the same every time",
      },
    },
  },
  formula: "p(z) = N(z; 0, I) [(1 - alpha) a(z) / Z + alpha], Z = E[a(z)], alpha = (1 - Z)^(T - 1)",
  source: "Bauer & Mnih 2019, equation 6; the points outside training: Richtmyer 1951",
  capabilities: () => ["density"],
  create: ({ hidden, activation, truncation, samples, evaluationSamples }, { latent, parameters }) => {
    const size = sizeOf(latent);
    const network = scalarNetwork(parameters.scope("acceptance"), size, { hidden, activation });
    const points = lazily(() => normalPoints(evaluationSamples / 2, size));
    return {
      at: ({ call: { training, noise } }) => {
        const read = network();
        const logOdds = (z: Tensor): Tensor => read(tf.reshape(z, [...z.shape.slice(0, z.rank - latent.length), size]));
        const logMeanOver = (vectors: Tensor): Tensor => logMeanExp(tf.logSigmoid(read(vectors)));
        const inTraining = training ? logMeanOver(noise.normal("acceptance", [samples, size])) : undefined;
        const logMean = (): Tensor => inTraining ?? logMeanOver(tf.tensor(points(), [evaluationSamples, size]));
        const acceptance = { logOdds, logMean, truncation };
        return new Resampled(acceptance, latent);
      },
    };
  },
});
