/**
 * initial * factor^(step / every): decays smoothly by `factor` in every `every` steps, or in steps with `staircase` (step
 * decay). It lasts for the whole run.
 */
import type { ScheduleContext } from "../contracts/schedule.js";
import { defineSchedule } from "../spec/define.js";

interface Course {
  every: number;
  staircase?: boolean;
}
const endOf = ({ every, staircase = false }: Course, { totalSteps }: ScheduleContext): number =>
  staircase ? Math.floor(totalSteps / every) * every : totalSteps;

export const exponentialDecay = defineSchedule({
  schema: {
    type: "object",
    title: "exponential decay or step decay",
    required: ["type", "initial", "factor", "every"],
    additionalProperties: false,
    properties: {
      type: { const: "exponential-decay" },
      initial: { type: "number", minimum: 0, description: "Value at the start" },
      factor: { type: "number", exclusiveMinimum: 0, maximum: 1, description: "Factor applied once in `every` steps" },
      every: {
        type: "integer",
        minimum: 1,
        description: "Training steps in which the value is multiplied by `factor` once",
      },
      staircase: {
        type: "boolean",
        default: false,
        description: "Decay in steps, once in `every` steps, instead of smoothly",
      },
    },
  },
  formula: "f(step) = initial * factor^(step / every); in a staircase the exponent is rounded down",
  source: "definition; step decay of the learning rate: He et al. 2016",
  duration: (fields, context) => endOf(fields as unknown as Course, context),
  create: ({ initial, factor, every, staircase }, context) => {
    const end = endOf({ every, staircase }, context);
    const at = (step: number): number => {
      const times = Math.min(step, end) / every;
      return initial * factor ** (staircase ? Math.floor(times) : times);
    };
    return { at, final: at(end), end };
  },
});
