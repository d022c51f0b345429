/**
 * What schedules from one value to another share: fields, end, and interpolation. Schedules give weights and rates, so their
 * values are never below 0.
 */
import type { ResolvedFields } from "../contracts/kinds.js";
import type { Curve, ScheduleContext } from "../contracts/schedule.js";

export const rampFields = {
  initial: { type: "number", minimum: 0, default: 0, description: "Value at the start" },
  final: { type: "number", minimum: 0, description: "Value at the end" },
  steps: {
    type: "integer",
    minimum: 1,
    description: "Training steps from `initial` to `final`; the rest of the run by default",
  },
  after: { type: "integer", minimum: 0, default: 0, description: "Training steps before the schedule starts" },
} as const;

interface Course {
  steps?: number;
  after?: number;
}
const stepsOf = ({ steps, after = 0 }: Course, { totalSteps }: ScheduleContext): number =>
  steps ?? Math.max(totalSteps - after, 1);

export const rampDuration = (fields: ResolvedFields, context: ScheduleContext): number => {
  const course = fields as Course;
  return (course.after ?? 0) + stepsOf(course, context);
};

/** A weighted sum, so both ends are met exactly. */
export const between = (from: number, to: number, done: number): number => from * (1 - done) + to * done;

/** @param progress maps the elapsed fraction of the steps to the fraction of the way, [0, 1] to [0, 1], ends included. */
export const ramp = (
  { initial, final, ...course }: Course & { initial: number; final: number; after: number },
  context: ScheduleContext,
  progress: (part: number) => number,
): Curve => {
  const steps = stepsOf(course, context);
  const { after } = course;
  return {
    at: (step) => between(initial, final, progress(Math.min(Math.max((step - after) / steps, 0), 1))),
    final,
    end: after + steps,
  };
};
