/**
 * Adam: m += (1 - b1)(g - m), v += (1 - b2)(g^2 - v), x -= a m / (sqrt v + epsilon) with a = rate sqrt(1 - b2^t) / (1 - b1^t).
 * That is the form at the end of the paper's section 2, TensorFlow's, whose epsilon is the paper's "epsilon hat". PyTorch's
 * and algorithm 1's stands inside the bias correction: theirs is this one's divided by sqrt(1 - b2^t).
 */
import type { Optimizer } from "../contracts/optimizer.js";
import type { Schedule } from "../contracts/schedule.js";
import { defineOptimizer } from "../spec/define.js";
import { tf } from "../tensor/tensor.js";
import { learningRateField } from "./learning-rate.js";

/** 1 - b as the fused op computes it, in float32. */
const complement = (decay: number): number => Math.fround(1 - Math.fround(decay));

export const adamFields = {
  learningRate: learningRateField(0.001),
  beta1: {
    type: "number",
    minimum: 0,
    exclusiveMaximum: 1,
    default: 0.9,
    description: "Decay rate of the mean gradient",
  },
  beta2: {
    type: "number",
    minimum: 0,
    exclusiveMaximum: 1,
    default: 0.999,
    description: "Decay rate of the mean squared gradient",
  },
  epsilon: {
    type: "number",
    exclusiveMinimum: 0,
    default: 1e-8,
    description: "Added to the root of the uncorrected second moment (the paper's epsilon hat)",
  },
} as const;

interface AdamFields {
  learningRate: Schedule;
  beta1: number;
  beta2: number;
  epsilon: number;
}

export const adamRule = ({ learningRate, beta1, beta2, epsilon }: AdamFields): Optimizer => ({
  learningRate,
  slots: ["m", "v"],
  globals: { beta1Power: beta1, beta2Power: beta2 },
  update: ({ variable, gradient, slots, globals, learningRate: rate }) => {
    const m = tf.add(slots.m!, tf.mul(tf.sub(gradient, slots.m!), complement(beta1)));
    const v = tf.add(slots.v!, tf.mul(tf.sub(tf.square(gradient), slots.v!), complement(beta2)));
    const corrected = tf.div(tf.mul(rate, tf.sqrt(tf.sub(1, globals.beta2Power!))), tf.sub(1, globals.beta1Power!));
    return {
      variable: tf.sub(variable, tf.div(tf.mul(m, corrected), tf.add(tf.sqrt(v), epsilon))),
      slots: { m, v },
    };
  },
  advance: (globals) => ({
    beta1Power: tf.mul(globals.beta1Power!, beta1),
    beta2Power: tf.mul(globals.beta2Power!, beta2),
  }),
  fused: {
    op: "ResourceApplyAdam",
    inputs: [
      { variable: true },
      { slot: "m" },
      { slot: "v" },
      { global: "beta1Power" },
      { global: "beta2Power" },
      { learningRate: true },
      { constant: beta1 },
      { constant: beta2 },
      { constant: epsilon },
      { gradient: true },
    ],
    attributes: { use_locking: false, use_nesterov: false },
  },
});

export const adam = defineOptimizer({
  schema: {
    type: "object",
    title: "Adam",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "adam" },
      ...adamFields,
    },
  },
  formula:
    "m += (1 - b1)(g - m), v += (1 - b2)(g^2 - v)\nx -= a m / (sqrt v + epsilon), a = rate sqrt(1 - b2^t) / (1 - b1^t)",
  source: "Kingma & Ba 2015",
  create: adamRule,
});
