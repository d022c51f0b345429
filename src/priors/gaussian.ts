/**
 * p(z) = N(0, I), without parameters. If conditioned, p(z | c) = N(A c + a, diag exp(B c + b)) is learned, with c one-hot for
 * a label, so each class has its own mean and variance. It is initialized to N(0, I).
 */

import { DiagonalGaussian } from "../distributions/diagonal-gaussian.js";
import { dense } from "../nn/index.js";
import { definePrior } from "../spec/define.js";
import { sizeOf } from "../tensor/fields.js";
import { zeros } from "../tensor/initializers.js";
import { type Tensor, tf } from "../tensor/tensor.js";

export const gaussian = definePrior({
  schema: {
    type: "object",
    title: "standard Gaussian",
    description:
      "Conditioned on a field, it is a learned Gaussian whose mean and log-variance are linear in that field.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "gaussian" } },
  },
  formula: "p(z) = N(z; 0, I); conditioned on c: N(z; A c + a, diag exp(B c + b))",
  source: "Kingma & Welling 2014; conditioned: Sohn, Lee & Yan 2015",
  capabilities: () => ["density", "factorized", "conditional"],
  create: (_, { latent, parents = {}, parameters }) => {
    const names = Object.keys(parents).sort();
    if (names.length === 0)
      return { at: () => new DiagonalGaussian(tf.zeros([...latent]), tf.zeros([...latent]), latent.length) };
    const inputs = names.reduce((sum, name) => sum + sizeOf(parents[name]!), 0);
    const mean = dense(parameters.scope("mean"), inputs, sizeOf(latent), zeros);
    const logVariance = dense(parameters.scope("log-variance"), inputs, sizeOf(latent), zeros);
    return {
      at: ({ parents: values }) => {
        const [first] = names.map((name) => values[name]!);
        const leading = first!.shape.slice(0, first!.rank - parents[names[0]!]!.length);
        const flat = tf.concat(
          names.map((name) => tf.reshape(values[name]!, [sizeOf(leading), -1])),
          1,
        );
        const spread = (x: Tensor): Tensor => tf.reshape(x, [...leading, ...latent]);
        return new DiagonalGaussian(spread(mean(flat)), spread(logVariance(flat)), latent.length);
      },
    };
  },
});
