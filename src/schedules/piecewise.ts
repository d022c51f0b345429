/**
 * Passes through the given points: constant before the first and after the last, and in between linear, half-cosine, or
 * constant until the next point.
 */

import { VaelabError } from "../errors.js";
import { defineSchedule } from "../spec/define.js";
import { between } from "./ramp.js";

interface Point {
  step: number;
  value: number;
}
const PROGRESS = {
  linear: (part: number): number => part,
  cosine: (part: number): number => (1 - Math.cos(Math.PI * part)) / 2,
  steps: (part: number): number => Math.floor(part),
} as const;

export const piecewise = defineSchedule({
  schema: {
    type: "object",
    title: "piecewise",
    required: ["type", "points"],
    additionalProperties: false,
    properties: {
      type: { const: "piecewise" },
      points: {
        type: "array",
        minItems: 1,
        description: "Points, sorted by step",
        items: {
          type: "object",
          required: ["step", "value"],
          additionalProperties: false,
          properties: {
            step: { type: "integer", minimum: 0, description: "Training step" },
            value: { type: "number", minimum: 0, description: "Value at that step" },
          },
        },
      },
      between: {
        enum: ["linear", "cosine", "steps"],
        default: "linear",
        description: "Interpolation between points",
      },
    },
  },
  formula: "interpolates the given points linearly, by half cosines or by steps",
  source: "definition",
  resolve: (fields) => {
    const steps = (fields.points as Point[]).map(({ step }) => step);
    const wrong = steps.findIndex((step, i) => i > 0 && step <= steps[i - 1]!);
    if (wrong > 0)
      throw new VaelabError("SPEC_COMBINATION", {
        message: `the points of a schedule must be in ascending order, but step ${steps[wrong]} follows step ${steps[wrong - 1]}`,
        remedy: "Sort the points by step, without duplicates.",
      });
    return fields;
  },
  duration: ({ points }) => (points as Point[]).at(-1)!.step,
  create: ({ points, between: way }) => {
    const last = points.at(-1)!;
    return {
      at: (step) => {
        const next = points.findIndex((point) => step < point.step);
        if (next < 0) return last.value;
        const [a, b] = [points[next - 1], points[next]!];
        return a ? between(a.value, b.value, PROGRESS[way]((step - a.step) / (b.step - a.step))) : b.value;
      },
      final: last.value,
      end: last.step,
    };
  },
});
