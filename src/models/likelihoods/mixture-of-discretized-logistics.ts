/**
 * P(x|z) = prod_j sum_k w_jk(z) DL(x_j; m_jk(z), s_jk(z)), in nats: a mixture of discretized logistics for each channel of each pixel, a mass over
 * 8-bit gray levels. Channels are independent given z: unlike in PixelCNN++, they share no component, and the mean of green does not depend
 * on red.
 */
import { DiscretizedLogistic } from "../../distributions/discretized-logistic.js";
import { Independent } from "../../distributions/independent.js";
import { Mixture } from "../../distributions/mixture.js";
import { defineLikelihood } from "../../spec/define.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { predictedLog } from "./positive-parameter.js";
import { scaleRefusal } from "./scale.js";
import { stackedParameters } from "./several-parameters.js";
import { grayLevelsRefusal } from "./supports.js";

export const mixtureOfDiscretizedLogistics = defineLikelihood({
  schema: {
    type: "object",
    title: "mixture of discretized logistics with independent elements",
    description:
      "A mass over the 256 gray levels k / 255; a value between two levels counts as the nearest. The decoder gives a weight, a location and a scale for each component, and the locations start evenly spread over [0, 1]. The channels of a pixel are not coupled: each has a mixture of its own",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "mixture-of-discretized-logistics" },
      components: { type: "integer", minimum: 1, maximum: 100, default: 10, description: "Components of each mixture" },
      scale: { type: "number", exclusiveMinimum: 0, default: 0.1, description: "Initial scale s of a component" },
      floor: { type: "number", exclusiveMinimum: 0, default: 0.001, description: "Lower bound of s" },
    },
  },
  formula:
    "P(x | z) = prod_j sum_k w_jk(z) (F((x_j - m_jk(z) + h) / s_jk(z)) - F((x_j - m_jk(z) - h) / s_jk(z))), h = 1/510",
  source: "Salimans et al. 2017, equations 1 and 2, without the coupling of channels",
  capabilities: () => ["density"],
  refuses: (fields, field) =>
    grayLevelsRefusal("a mixture of discretized logistics", field) ?? scaleRefusal({ ...fields, learn: "predicted" }),
  create: ({ components, scale, floor }, { field: { shape } }) => {
    const { outputs, stack } = stackedParameters(shape, 3 * components);
    const centers = Array.from({ length: components }, (_, k) => (k + 0.5) / components);
    return {
      outputs,
      at: (decoded) => {
        const stacked = stack(decoded);
        const [logits, offset, excess] = tf.split(stacked, 3, stacked.rank - 1) as [Tensor, Tensor, Tensor];
        const location = tf.add(offset, tf.tensor1d(centers));
        const logistics = new DiscretizedLogistic(location, predictedLog(excess, scale, floor), 0);
        return new Independent(new Mixture(logits, logistics), shape.length, { discrete: true });
      },
    };
  },
});
