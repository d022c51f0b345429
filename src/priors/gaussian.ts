/** p(z) = N(0, I): nothing to learn. */
import { definePrior } from "../core/define.js";
import { DiagonalGaussian } from "../core/distributions/diagonal-gaussian.js";
import { tf } from "../core/tensor.js";

export const gaussian = definePrior({
  schema: {
    type: "object",
    title: "standard Gaussian",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "gaussian" } },
  },
  source: "Kingma & Welling 2014",
  capabilities: () => ["density"],
  create: (_, { latent }) => ({
    at: () => new DiagonalGaussian(tf.zeros([...latent]), tf.zeros([...latent]), latent.length),
  }),
});
