/**
 * Adam with decoupled weight decay: x -= rate * weightDecay * x, then Adam's step, whose gradient and moments the decay does not
 * enter. The decay follows the learning rate, as in PyTorch; in the paper's algorithm 2 it follows the rate's schedule alone, so
 * that its lambda is weightDecay times the first rate. Epsilon is Adam's here (see there).
 *
 * With `decayed: "weights"` what decays has two axes or more: matrices, kernels and embeddings of networks. Biases, gains and
 * scales do not, nor do a prior's means and pseudo-inputs, only the "weights" of its layers where it has any.
 */
import { defineOptimizer } from "../spec/define.js";
import { adamFields, adamRule } from "./adam.js";

export const adamw = defineOptimizer({
  schema: {
    type: "object",
    title: "Adam with decoupled weight decay",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "adamw" },
      ...adamFields,
      weightDecay: {
        type: "number",
        minimum: 0,
        default: 0.01,
        description: "Fraction of a weight lost in a step, times the learning rate",
      },
      decayed: {
        enum: ["weights", "all"],
        default: "weights",
        description: "Which parameters decay: the weight matrices and kernels of networks, or all",
      },
    },
  },
  formula: "x -= rate * weightDecay * x, then Adam's step",
  source: "Loshchilov & Hutter 2019, algorithm 2",
  create: ({ weightDecay, decayed, ...fields }) => ({
    ...adamRule(fields),
    decay: {
      rate: weightDecay,
      applies: (name, shape) =>
        decayed === "all" || (shape.length >= 2 && (!name.startsWith("prior/") || name.endsWith("/weights"))),
    },
  }),
});
