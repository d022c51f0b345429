/**
 * p(z) as a normalizing flow: bijections over N(0, I). A value is scored through their inverses, and a draw is one pass forward. If
 * conditioned, the bijections see the values of the parents, side by side.
 */
import { batchReshape } from "../distributions/batch-reshape.js";
import { DiagonalGaussian } from "../distributions/diagonal-gaussian.js";
import { Flow } from "../distributions/flow.js";
import { sideBySide } from "../nn/index.js";
import { definePrior } from "../spec/define.js";
import { type Shape, sizeOf } from "../tensor/fields.js";
import { tf } from "../tensor/tensor.js";

export const flow = definePrior({
  schema: {
    type: "object",
    title: "normalizing flow",
    description:
      "Invertible bijections over a standard Gaussian, learned with the model. If conditioned, they depend on its parents.",
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
  formula: "ln p(z) = ln N(f^-1(z); 0, I) + ln |det df^-1 / dz|; conditioned on c: f(.; c)",
  source:
    "Dinh, Sohl-Dickstein & Bengio 2017, equations 2 and 3; as a prior: Chen et al. 2017; conditioned: Winkler et al. 2019",
  capabilities: () => ["density", "conditional"],
  requires: () => [
    {
      kind: "bijection",
      capability: "invertible",
      within: "slots",
      reason:
        "A prior is scored at the draws of the posterior, which takes the inverse: use a bijection such as real-nvp",
    },
  ],
  create: ({ layers }, { latent, parents = {} }) => ({
    at: ({ parents: values, call }) => {
      const baseWith = (batch: Shape): DiagonalGaussian =>
        new DiagonalGaussian(tf.zeros([...batch, ...latent]), tf.zeros([...latent]), latent.length);
      if (Object.keys(parents).length === 0)
        return new Flow(
          baseWith([]),
          layers.map((layer) => layer.at({ call })),
        );
      const { flat: features, leading } = sideBySide(values, parents);
      const transforms = layers.map((layer) => layer.at({ call, features }));
      return batchReshape(new Flow(baseWith([sizeOf(leading)]), transforms), leading);
    },
  }),
});
