/**
 * p(z) = prod_d exp(-|z_d| / scale) / (2 scale), which favors codes with few large values. If conditioned, location and log-scale come
 * from a network of the parents; it begins at location 0 and this scale.
 */
import { Laplace } from "../distributions/laplace.js";
import { ACTIVATIONS, learnedVectors, SIZES } from "../nn/index.js";
import { definePrior } from "../spec/define.js";
import { sizeOf } from "../tensor/fields.js";
import { type Tensor, tf } from "../tensor/tensor.js";

export const laplace = definePrior({
  schema: {
    type: "object",
    title: "Laplace",
    description:
      "Favors codes with few large values. If conditioned, location and scale come from a network of its parents.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "laplace" },
      scale: {
        type: "number",
        exclusiveMinimum: 0,
        default: 1,
        description: "Scale of every dimension, whose variance is 2 scale^2; the initial one if conditioned",
      },
      hidden: { ...SIZES, default: [], description: "If conditioned: units of each hidden layer of its network" },
      activation: {
        enum: ACTIVATIONS,
        default: "relu",
        description: "If conditioned: activation after every hidden layer",
      },
    },
  },
  formula: "p(z) = prod_d exp(-|z_d| / s) / (2 s); conditioned on c: location m(c), scale s exp(l(c))",
  source: "Kotz, Kozubowski & Podgorski 2001, chapter 2",
  capabilities: () => ["density", "factorized", "conditional"],
  family: () => "laplace",
  create: ({ scale, hidden, activation }, { latent, parents = {}, parameters }) => {
    const logScale = Math.log(scale);
    if (Object.keys(parents).length === 0)
      return { at: () => new Laplace(tf.zeros([...latent]), tf.fill([...latent], logScale), latent.length) };
    const size = sizeOf(latent);
    const vectors = learnedVectors(parameters, parents, { location: size, "log-scale": size }, { hidden, activation });
    return {
      at: ({ parents: values, call }) => {
        const learned = vectors(values, call);
        const shaped = (x: Tensor): Tensor => tf.reshape(x, [...x.shape.slice(0, -1), ...latent]);
        const relative = shaped(learned["log-scale"]!);
        return new Laplace(shaped(learned.location!), tf.add(relative, logScale), latent.length);
      },
    };
  },
});
