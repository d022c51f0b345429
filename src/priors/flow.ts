/**
 * p(z) as a normalizing flow: bijections over N(0, I). A value is scored through their inverses, and a draw is one pass forward.
 */
import { DiagonalGaussian } from "../distributions/diagonal-gaussian.js";
import { Flow } from "../distributions/flow.js";
import { definePrior } from "../spec/define.js";
import { tf } from "../tensor/tensor.js";

export const flow = definePrior({
  schema: {
    type: "object",
    title: "normalizing flow",
    description: "Invertible bijections over a standard Gaussian, learned with the model.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "flow" },
      layers: {
        type: "array",
        items: { type: "object", component: "bijection" },
        minItems: 1,
        default: [{ type: "real-nvp" }, { type: "real-nvp" }],
        description: "Bijections, from the Gaussian to the latent",
      },
    },
  },
  formula: "ln p(z) = ln N(f^-1(z); 0, I) + ln |det df^-1 / dz|",
  source: "Dinh, Sohl-Dickstein & Bengio 2017, equations 2 and 3; as a prior: Chen et al. 2017",
  capabilities: () => ["density"],
  requires: () => [
    {
      kind: "bijection",
      capability: "invertible",
      within: "slots",
      reason:
        "A prior is scored at the draws of the posterior, which takes the inverse: use a bijection such as real-nvp",
    },
  ],
  create: ({ layers }, { latent }) => ({
    at: ({ call }) => {
      const base = new DiagonalGaussian(tf.zeros([...latent]), tf.zeros([...latent]), latent.length);
      return new Flow(
        base,
        layers.map((layer) => layer.at({ call })),
      );
    },
  }),
});
