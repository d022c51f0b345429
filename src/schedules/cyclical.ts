/**
 * The run is divided into `cycles` of T/M steps. In each cycle the weight increases from `initial` to `final` over the first
 * `ratio` of the cycle and then stays: f(t) = t / ratio for t <= ratio, else 1, t = (step mod T/M) / (T/M). It never ends.
 */
import { defineSchedule } from "../spec/define.js";

export const cyclical = defineSchedule({
  schema: {
    type: "object",
    title: "cyclical",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "cyclical" },
      initial: { type: "number", minimum: 0, default: 0, description: "Value at the start of each cycle" },
      final: {
        type: "number",
        minimum: 0,
        default: 1,
        description: "Value at the end of each cycle, and the one that validation uses",
      },
      cycles: { type: "integer", minimum: 1, default: 4, description: "Cycles in the run (M)" },
      ratio: {
        type: "number",
        exclusiveMinimum: 0,
        maximum: 1,
        default: 0.5,
        description: "Fraction of a cycle spent increasing (R)",
      },
    },
  },
  formula:
    "f(t) = t / ratio for t <= ratio, else 1, between initial and final; t = (step mod T/M) / (T/M), M cycles in T steps",
  source: "Fu et al. 2019, equations 6 and 7",
  create: ({ initial, final, cycles, ratio }, { totalSteps }) => {
    const length = totalSteps / cycles;
    return {
      at: (step) => {
        const done = Math.min((step % length) / length / ratio, 1);
        return initial * (1 - done) + final * done;
      },
      final,
    };
  },
});
