/**
 * RMSprop: s += (1 - decay)(g^2 - s), a <- momentum a + rate g / sqrt(s + epsilon), x -= a; s and a begin at 0.
 * That is TensorFlow's form. PyTorch adds its epsilon to the root, sqrt(s) + e, so e is sqrt(epsilon) here; and its rate is
 * outside the accumulator, so that the two differ where the rate changes and there is momentum.
 */
import { defineOptimizer } from "../spec/define.js";
import { tf } from "../tensor/tensor.js";
import { learningRateField } from "./learning-rate.js";

export const rmsprop = defineOptimizer({
  schema: {
    type: "object",
    title: "RMSprop",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "rmsprop" },
      learningRate: learningRateField(0.001),
      decay: {
        type: "number",
        minimum: 0,
        exclusiveMaximum: 1,
        default: 0.9,
        description: "Decay rate of the mean squared gradient (rho)",
      },
      momentum: { type: "number", minimum: 0, exclusiveMaximum: 1, default: 0, description: "Momentum; 0 for none" },
      epsilon: {
        type: "number",
        exclusiveMinimum: 0,
        default: 1e-10,
        description: "Added to the mean squared gradient, under the root",
      },
    },
  },
  formula: "s += (1 - decay)(g^2 - s), a <- momentum a + rate g / sqrt(s + epsilon), x -= a",
  source: "Tieleman & Hinton 2012, lecture 6.5; momentum: Graves 2013, equation 40, uncentered",
  create: ({ learningRate, decay, momentum, epsilon }) => ({
    learningRate,
    slots: ["meanSquare", "momentum"],
    globals: {},
    update: ({ variable, gradient, slots, learningRate: rate }) => {
      const kept = Math.fround(1 - Math.fround(decay));
      const meanSquare = tf.add(slots.meanSquare!, tf.mul(tf.sub(tf.square(gradient), slots.meanSquare!), kept));
      const step = tf.div(tf.mul(gradient, rate), tf.sqrt(tf.add(meanSquare, epsilon)));
      const accumulated = tf.add(tf.mul(slots.momentum!, momentum), step);
      return { variable: tf.sub(variable, accumulated), slots: { meanSquare, momentum: accumulated } };
    },
    advance: () => ({}),
    fused: {
      op: "ResourceApplyRMSProp",
      inputs: [
        { variable: true },
        { slot: "meanSquare" },
        { slot: "momentum" },
        { learningRate: true },
        { constant: decay },
        { constant: momentum },
        { constant: epsilon },
        { gradient: true },
      ],
      attributes: { use_locking: false },
    },
  }),
});
