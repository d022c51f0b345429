/**
 * p(z) = N(0, I), without parameters. If conditioned, p(z | c) = N(A c + a, diag exp(B c + b)) is learned, with c one-hot for
 * a label, so each class has its own mean and variance. It is initialized to N(0, I).
 */

import { DiagonalGaussian } from "../distributions/diagonal-gaussian.js";
import { ACTIVATIONS, conditionedNetwork, SIZES } from "../nn/index.js";
import { definePrior } from "../spec/define.js";
import { sizeOf } from "../tensor/fields.js";
import { type Tensor, tf } from "../tensor/tensor.js";

export const gaussian = definePrior({
  schema: {
    type: "object",
    title: "standard Gaussian",
    description:
      "If conditioned on a field, a learned Gaussian whose mean and log-variance come from a network of its parents.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "gaussian" },
      // Without defaults: an unconditioned prior has no network, and older specs keep their hash.
      hidden: {
        ...SIZES,
        description: "If conditioned: units of each hidden layer of its network; a linear one if not given",
      },
      activation: {
        enum: ACTIVATIONS,
        description: "If conditioned: activation after every hidden layer; relu if not given",
      },
    },
  },
  formula: "p(z) = N(z; 0, I); conditioned on c: N(z; A c + a, diag exp(B c + b))",
  source: "Kingma & Welling 2014; conditioned: Sohn, Lee & Yan 2015",
  capabilities: () => ["density", "factorized", "conditional", "fixed"],
  family: () => "diagonal-gaussian",
  create: ({ hidden = [], activation = "relu" }, { latent, parents = {}, parameters }) => {
    if (Object.keys(parents).length === 0)
      return { at: () => new DiagonalGaussian(tf.zeros([...latent]), tf.zeros([...latent]), latent.length) };
    const network = conditionedNetwork(parameters, parents, { hidden, activation });
    const [mean, logVariance] = [
      network.output("mean", sizeOf(latent)),
      network.output("log-variance", sizeOf(latent)),
    ];
    return {
      at: ({ parents: values, call }) => {
        const units = network.apply(values, call);
        const shaped = (x: Tensor): Tensor => tf.reshape(x, [...units.leading, ...latent]);
        return new DiagonalGaussian(shaped(mean(units)), shaped(logVariance(units)), latent.length);
      },
    };
  },
});
