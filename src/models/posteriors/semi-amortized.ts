/**
 * A diagonal Gaussian that starts where the encoder puts it and then climbs the ELBO of its own example for a few steps: stochastic
 * variational inference from an amortized start. Each step is a natural gradient of a one-draw estimate of the ELBO F,
 *
 *     m <- m + step exp(l) dF/dm        l <- l + 2 step dF/dl        F = E_q ln p(x, z) + sum_j l_j / 2
 *
 * The preconditioners are the inverse of the Fisher information of (m, l), so one step size fits all dimensions. A gradient longer
 * than 2 sqrt(2 D) in that metric is shortened to it: twice what the one-draw estimate is on average at the optimum of a Gaussian
 * model. The steps themselves get no gradient: the encoder is trained by the gradient at the refined q.
 */
import { DiagonalGaussian } from "../../distributions/diagonal-gaussian.js";
import { definePosterior } from "../../spec/define.js";
import { stopGradient, type Tensor, tf } from "../../tensor/tensor.js";
import { featureOutputs } from "./feature-outputs.js";

/** The natural gradient at log-variance l, of each example no longer than 2 sqrt(2 D). */
const boundedMove = (l: Tensor, [ofMean, ofLogVariance]: [Tensor, Tensor], rank: number) => {
  const variance = tf.exp(l);
  const squared = tf.add(tf.mul(variance, tf.square(ofMean)), tf.mul(2, tf.square(ofLogVariance)));
  const dimensions = squared.size / squared.shape[0]!;
  const norm = tf.sqrt(tf.sum(tf.reshape(squared, [-1, dimensions]), 1));
  const bound = 2 * Math.sqrt(2 * dimensions);
  const scale = tf.reshape(tf.div(bound, tf.maximum(norm, bound)), [-1, ...Array<number>(rank).fill(1)]);
  return {
    mean: tf.mul(scale, tf.mul(variance, ofMean)),
    logVariance: tf.mul(scale, tf.mul(2, ofLogVariance)),
  };
};

export const semiAmortized = definePosterior({
  schema: {
    type: "object",
    title: "diagonal Gaussian, refined by gradient steps on each example",
    description:
      "The encoder gives the start; each example then takes gradient steps on its own ELBO, in training and evaluation.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "semi-amortized" },
      steps: { type: "integer", minimum: 1, maximum: 100, default: 5, description: "Gradient steps per example" },
      stepSize: {
        type: "number",
        exclusiveMinimum: 0,
        maximum: 1,
        default: 0.2,
        description: "Step of the natural gradient; 1 jumps to the optimum of a Gaussian model",
      },
    },
  },
  formula: "q(z | x) = N(m_K, diag exp(l_K)), m <- m + step exp(l) dF/dm, l <- l + 2 step dF/dl, F the ELBO of x",
  source:
    "Kim et al. 2018, algorithm 1, without a gradient of the steps; natural gradients: Hoffman et al. 2013, section 2.3",
  capabilities: () => ["density", "evaluable", "mean", "factorized", "reparameterized", "joint"],
  family: () => "diagonal-gaussian",
  create: ({ steps, stepSize }, { latent, ...context }) => {
    const output = featureOutputs(context);
    const [mean, logVariance] = [output("mean", latent), output("log-variance", latent)];
    return {
      at: (maps, { call, logJoint }) => {
        let [m, l] = [mean(maps), logVariance(maps)];
        // A pseudo-input has no likelihood: its q is where the encoder puts it.
        if (!logJoint) return new DiagonalGaussian(m, l, latent.length);
        const noise = call.noise.fork("refine");
        for (let step = 0; step < steps; step++) {
          const epsilon = noise.normal(`${step}`, m.shape);
          const elbo = (at: Tensor, spread: Tensor): Tensor =>
            tf.add(
              tf.sum(logJoint(tf.add(at, tf.mul(tf.exp(tf.mul(spread, 0.5)), epsilon)))),
              tf.mul(tf.sum(spread), 0.5),
            );
          const move = boundedMove(l, tf.grads(elbo)([m, l]) as [Tensor, Tensor], latent.length);
          m = tf.add(m, tf.mul(stopGradient(move.mean), stepSize));
          l = tf.add(l, tf.mul(stopGradient(move.logVariance), stepSize));
        }
        return new DiagonalGaussian(m, l, latent.length);
      },
    };
  },
});
