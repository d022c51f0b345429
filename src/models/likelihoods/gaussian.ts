/**
 * p(x|z) = N(x; m(z), s^2 I), in nats, constants included. With a fixed scale s this is what "MSE training" maximizes:
 * squared error / (2 s^2) plus a constant. A learned scale is s = floor + exp(a): its gradient does not vanish at the
 * floor, and the floor keeps the density from growing without bound (Rybkin et al. 2021).
 */

import { DiagonalGaussian } from "../../distributions/diagonal-gaussian.js";
import { defineLikelihood } from "../../spec/define.js";
import { constant } from "../../tensor/initializers.js";
import { type Tensor, tf } from "../../tensor/tensor.js";

export const gaussian = defineLikelihood({
  schema: {
    type: "object",
    title: "Gaussian with independent elements",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "gaussian" },
      scale: {
        type: "number",
        exclusiveMinimum: 0,
        default: 1,
        description: "Standard deviation s, or its initial value if it is learned",
      },
      learn: {
        enum: ["no", "shared", "element"],
        default: "no",
        description: "Learned scale s: none, one shared by all elements, or one per element",
      },
      floor: { type: "number", exclusiveMinimum: 0, default: 0.001, description: "Lower bound of a learned s" },
    },
  },
  formula: "p(x | z) = N(x; m(z), s^2 I), s fixed or learned as floor + exp(a)",
  source: "Kingma & Welling 2014, appendix C.2; learned scale: Rybkin, Daniilidis & Levine 2021",
  capabilities: () => ["density"],
  refuses: ({ scale, learn, floor }, { support }) => {
    if (support === "categorical") return "a Gaussian is not a density over categories: it needs numbers";
    if (learn === "no" || Number(scale) > Number(floor)) return undefined;
    return `a learned scale cannot start at ${scale} with the floor ${floor}: raise "scale" or lower "floor"`;
  },
  create: ({ scale, learn, floor }, { field: { shape }, parameters }) => {
    const logVariance = (): (() => Tensor) => {
      if (learn === "no") return () => tf.scalar(2 * Math.log(scale));
      const logExcess = parameters("log-scale", learn === "shared" ? [] : shape, constant(Math.log(scale - floor)));
      return () => tf.mul(tf.log(tf.add(tf.exp(logExcess.value), floor)), 2);
    };
    const current = logVariance();
    return { outputs: shape, at: (mean) => new DiagonalGaussian(mean, current(), shape.length) };
  },
});
