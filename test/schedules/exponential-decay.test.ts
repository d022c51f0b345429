import { expect, it } from "vitest";
import { exponentialDecay } from "../../src/schedules/index.js";
import { build } from "../support/components.js";

it("is multiplied by the factor in every so many steps, to the end of the run", () => {
  const schedule = build(exponentialDecay, { initial: 8, factor: 0.25, every: 4 }, { totalSteps: 10 });
  // Half of it in every two steps.
  expect([0, 2, 4, 6, 8, 10, 50].map((step) => schedule.at(step))).toEqual([8, 4, 2, 1, 0.5, 0.25, 0.25]);
  expect(schedule.at(1)).toBeCloseTo(8 / Math.SQRT2, 12);
  expect([schedule.final, schedule.end]).toEqual([0.25, 10]);
});

it("in a staircase drops at the end of each", () => {
  const schedule = build(exponentialDecay, { initial: 8, factor: 0.5, every: 4, staircase: true }, { totalSteps: 10 });
  expect([0, 3, 4, 7, 8, 11, 12, 50].map((step) => schedule.at(step))).toEqual([8, 8, 4, 4, 2, 2, 2, 2]);
  expect([schedule.final, schedule.end]).toEqual([2, 8]);
});

it("is the same at each step of a longer run", () => {
  const [short, long] = [10, 1000].map((totalSteps) =>
    build(exponentialDecay, { initial: 1, factor: 0.9, every: 3 }, { totalSteps }),
  );
  for (let step = 0; step < 10; step++) expect(long!.at(step)).toBe(short!.at(step));
});
