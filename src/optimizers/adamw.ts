/**
 * Adam with decoupled weight decay: x -= rate * weightDecay * x, then Adam's step. The decay enters neither the gradient nor
 * the moments. It scales with the learning rate, as in PyTorch. In algorithm 2 of the paper it scales with the schedule
 * alone, so the paper's lambda is weightDecay times the initial rate. Epsilon is that of `adam`.
 *
 * With `decayed: "weights"`, parameters with two or more axes decay: matrices, kernels and embeddings of networks. Biases,
 * gains and scales do not, and neither do the means and pseudo-inputs of a prior, only the "weights" of its layers.
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
