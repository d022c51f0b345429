/**
 * Stochastic gradient descent. With momentum u: a <- u a + g, x -= rate a; Nesterov's: x -= rate (g + u a). As in PyTorch
 * and TensorFlow's ApplyMomentum, the rate is not in the accumulator, so a schedule acts at once.
 */
import type { FusedUpdate } from "../contracts/optimizer.js";
import { defineOptimizer } from "../spec/define.js";
import { tf } from "../tensor/tensor.js";
import { learningRateField } from "./learning-rate.js";

const plain: FusedUpdate = {
  op: "ResourceApplyGradientDescent",
  inputs: [{ variable: true }, { learningRate: true }, { gradient: true }],
  attributes: { use_locking: false },
};
const withMomentum = (momentum: number, nesterov: boolean): FusedUpdate => ({
  op: "ResourceApplyMomentum",
  inputs: [
    { variable: true },
    { slot: "momentum" },
    { learningRate: true },
    { gradient: true },
    { constant: momentum },
  ],
  attributes: { use_locking: false, use_nesterov: nesterov },
});

export const sgd = defineOptimizer({
  schema: {
    type: "object",
    title: "stochastic gradient descent",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "sgd" },
      learningRate: learningRateField(0.01),
      momentum: { type: "number", minimum: 0, exclusiveMaximum: 1, default: 0, description: "Momentum; 0 for none" },
      nesterov: { type: "boolean", default: false, description: "Use Nesterov momentum" },
    },
  },
  formula: "a <- momentum a + g, x -= rate a; Nesterov: x -= rate (g + momentum a)",
  source: "Robbins & Monro 1951; Polyak 1964; Sutskever et al. 2013",
  create: ({ learningRate, momentum, nesterov }) => ({
    learningRate,
    slots: momentum === 0 ? [] : ["momentum"],
    globals: {},
    update: ({ variable, gradient, slots, learningRate: rate }) => {
      if (momentum === 0) return { variable: tf.sub(variable, tf.mul(rate, gradient)), slots: {} };
      const accumulated = tf.add(tf.mul(slots.momentum!, momentum), gradient);
      const direction = nesterov ? tf.add(gradient, tf.mul(accumulated, momentum)) : accumulated;
      return { variable: tf.sub(variable, tf.mul(rate, direction)), slots: { momentum: accumulated } };
    },
    advance: () => ({}),
    fused: momentum === 0 ? plain : withMomentum(momentum, nesterov),
  }),
});
