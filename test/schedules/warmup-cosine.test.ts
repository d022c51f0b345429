import { expect, it } from "vitest";
import { warmupCosine } from "../../src/schedules/index.js";
import { build } from "../support/components.js";

it("climbs in a line, then falls along half a cosine", () => {
  const schedule = build(warmupCosine, { peak: 2, final: 1, warmup: 4, steps: 10 }, { totalSteps: 100 });
  const climb = [0, 0.5, 1, 1.5];
  // (1 + cos(pi u)) / 2 at sixths.
  const fall = [1, (2 + Math.sqrt(3)) / 4, 0.75, 0.5, 0.25, (2 - Math.sqrt(3)) / 4, 0, 0].map((part) => 1 + part);
  for (const [step, value] of [...climb, ...fall].entries()) expect(schedule.at(step)).toBeCloseTo(value, 12);
  expect([schedule.at(4), schedule.at(10)]).toEqual([2, 1]);
  expect([schedule.final, schedule.end]).toEqual([1, 10]);
});

it("takes the whole run where its steps are not said, and more than a warm-up that fills it", () => {
  const fields = { type: "warmup-cosine", peak: 1, warmup: 10 };
  expect(build(warmupCosine, fields, { totalSteps: 50 }).end).toBe(50);
  expect(warmupCosine.duration?.(fields, { totalSteps: 50 })).toBe(50);
  expect(warmupCosine.duration?.(fields, { totalSteps: 10 })).toBe(11);
});
