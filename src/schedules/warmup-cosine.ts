/**
 * Linear from `initial` to `peak` in `warmup` steps, then half a cosine down to `final` at step `steps`: the usual learning
 * rate if large first steps do harm.
 */
import type { ScheduleContext } from "../contracts/schedule.js";
import { defineSchedule } from "../spec/define.js";
import { between } from "./ramp.js";

interface Course {
  warmup: number;
  steps?: number;
}
const endOf = ({ warmup, steps }: Course, { totalSteps }: ScheduleContext): number =>
  Math.max(steps ?? totalSteps, warmup + 1);

export const warmupCosine = defineSchedule({
  schema: {
    type: "object",
    title: "linear warm-up, then cosine decay",
    required: ["type", "peak", "warmup"],
    additionalProperties: false,
    properties: {
      type: { const: "warmup-cosine" },
      initial: { type: "number", minimum: 0, default: 0, description: "Value at the start" },
      peak: { type: "number", exclusiveMinimum: 0, description: "Value after the warm-up" },
      final: { type: "number", minimum: 0, default: 0, description: "Value at the end" },
      warmup: { type: "integer", minimum: 1, description: "Training steps from `initial` to `peak`" },
      steps: {
        type: "integer",
        minimum: 2,
        description: "Training steps in total, including the warm-up; the whole run by default",
      },
    },
  },
  formula:
    "initial + (peak - initial) step / warmup, then final + (peak - final) (1 + cos(pi u)) / 2, u the fraction of the remaining steps done",
  source: "warm-up: Goyal et al. 2017, section 2.2; decay: Loshchilov & Hutter 2017, equation 5",
  duration: (fields, context) => endOf(fields as unknown as Course, context),
  create: ({ initial, peak, final, warmup, steps }, context) => {
    const end = endOf({ warmup, ...(steps !== undefined && { steps }) }, context);
    return {
      at: (step) => {
        if (step < warmup) return between(initial, peak, step / warmup);
        const part = Math.min((step - warmup) / (end - warmup), 1);
        return between(peak, final, (1 - Math.cos(Math.PI * part)) / 2);
      },
      final,
      end,
    };
  },
});
