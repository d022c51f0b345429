/**
 * The second stage of a two-stage VAE: a VAE of the codes, trained in a program of its own, of whose prior codes are drawn. It has as many
 * latents u as a code has dimensions, and learns the variance g of its decoder. The codes are draws z ~ q(z | x), drawn anew in each
 * epoch, and standardized by dimension:
 *
 *     maximize  E_q(z | x) [ E_q(u | z) ln N(z; f(u), g I) - KL(q(u | z) || N(0, I)) ]
 *
 * Its log-density is an importance-weighted estimate, in expectation a lower bound. The estimate of the density itself has no bias, so
 * weights of `ex-post-nll` that use it have none either.
 */

import type { CallContext } from "../contracts/call-context.js";
import { DiagonalGaussian } from "../distributions/diagonal-gaussian.js";
import { closedFormKl } from "../distributions/kl.js";
import { evaluationCall } from "../inference/call.js";
import { ACTIVATIONS, type Activation, dense, denseStack, type Layer, SIZES } from "../nn/index.js";
import type { Points } from "../numerics/points.js";
import { mean } from "../numerics/statistics.js";
import { defineSampler } from "../spec/define.js";
import { zeros } from "../tensor/initializers.js";
import type { Noise } from "../tensor/keyed-noise.js";
import type { ParameterScope } from "../tensor/parameters.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { drawRows, FITTING, fitDensity, scoreRows, type TrainedDensity } from "./fitted-density.js";
import { standardization } from "./standardization.js";

interface NetworkOptions {
  hidden: readonly number[];
  activation: Activation;
}

/** [N, width] → [N, outputs]. */
const network = (
  parameters: ParameterScope,
  width: number,
  outputs: number,
  { hidden, activation }: NetworkOptions,
): ((x: Tensor, call: CallContext) => Tensor) => {
  const stack = denseStack(parameters, width, hidden, { activation });
  const last: Layer = dense(parameters.scope("output"), stack.outputs, outputs);
  return (x, call) => last(stack.apply(x, call));
};

/** @param draws importance samples of a log-density */
const secondStage = (
  parameters: ParameterScope,
  width: number,
  options: NetworkOptions & { draws: number },
): TrainedDensity => {
  const encode = network(parameters.scope("encoder"), width, 2 * width, options);
  const decode = network(parameters.scope("decoder"), width, width, options);
  const logVariance = parameters("decoder/log-variance", [], zeros);
  const posterior = (rows: Tensor, noise: Noise): DiagonalGaussian => {
    const [location, spread] = tf.split(encode(rows, evaluationCall(noise.fork("encoder"))), 2, 1);
    return new DiagonalGaussian(location!, spread!);
  };
  /** u: [K, N, width]. */
  const likelihood = (u: Tensor, noise: Noise): DiagonalGaussian => {
    const decoded = decode(tf.reshape(u, [-1, width]), evaluationCall(noise.fork("decoder")));
    return new DiagonalGaussian(tf.reshape(decoded, u.shape), logVariance.value);
  };
  const prior = (spread: number): DiagonalGaussian =>
    new DiagonalGaussian(tf.zeros([width]), tf.fill([width], 2 * Math.log(spread)));
  return {
    bound: (noise, rows) => {
      const q = posterior(rows, noise);
      const reconstructed = likelihood(q.sample(noise, "u", [1]), noise).logProb(rows);
      return tf.sub(tf.mean(reconstructed, 0), closedFormKl(q, prior(1))!.total());
    },
    at: (noise, spread) => ({
      sample: (draws, site, shape) => {
        const u = tf.expandDims(prior(spread).sample(draws, "u", shape), 0);
        return tf.squeeze(likelihood(u, noise).sample(draws, site, []), [0]);
      },
      logProb: (rows) => {
        const { value, logProb } = posterior(rows, noise).sampleAndLogProb(noise, "u", [options.draws]);
        const joint = tf.add(likelihood(value, noise).logProb(rows), prior(spread).logProb(value));
        return tf.sub(tf.logSumExp(tf.sub(joint, logProb), 0), Math.log(options.draws));
      },
    }),
  };
};

export const twoStage = defineSampler({
  schema: {
    type: "object",
    title: "second VAE over the codes",
    description:
      "Trained after training on draws of the posterior, per class if the model is conditioned on a label. Its samples are scored as a set of their own; its density is estimated.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "two-stage" },
      hidden: {
        ...SIZES,
        default: [256, 256],
        description: "Units of each hidden layer of its encoder and its decoder",
      },
      activation: { enum: ACTIVATIONS, default: "relu", description: "Activation after every hidden layer" },
      ...FITTING,
      draws: {
        type: "integer",
        minimum: 1,
        maximum: 10000,
        default: 100,
        description: "Importance samples of each log-density",
      },
      temperature: {
        type: "number",
        exclusiveMinimum: 0,
        default: 1,
        description: "Standard deviation of its prior: below 1, samples are likelier and vary less",
      },
    },
  },
  formula: "u ~ N(0, T^2 I), z ~ N(f(u), g I); ln p(z) ~ ln 1/K sum_k p(z | u_k) p(u_k) / q(u_k | z)",
  source: "Dai & Wipf 2019, section 4; the density: Burda et al. 2016, eq. 8",
  capabilities: () => ["density"],
  create: ({ hidden, activation, epochs, batchSize, optimizer, draws, temperature }) => ({
    learn: async (codes: Points, uniform, { runner, posterior }) => {
      const { width, n } = codes;
      const all = Int32Array.from({ length: n }, (_, row) => row);
      const first = await posterior.draw(all, uniform);
      const { standard, original, logScale } = standardization(first);
      const density = await fitDensity(
        async (epoch) => standard(epoch === 0 ? first : await posterior.draw(all, uniform)),
        uniform,
        {
          runner,
          training: { epochs, batchSize, optimizer },
          declare: (parameters) => secondStage(parameters, width, { hidden, activation, draws }),
        },
      );
      const logProb = (points: Points, spread: number): Float64Array =>
        scoreRows(density, standard(points), spread).map((value) => value - logScale);
      const fit = mean(logProb(first, 1));
      return {
        sample: (count, stream) => original(drawRows(density, count, width, { uniform: stream, spread: temperature })),
        logProb: (points) => logProb(points, temperature),
        note: `second VAE on ${n} training codes, estimated mean log-likelihood ${fit.toFixed(3)} nats`,
      };
    },
  }),
});
