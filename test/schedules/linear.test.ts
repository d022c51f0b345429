import { expect, it } from "vitest";
import { linear } from "../../src/schedules/index.js";
import { build } from "../support/components.js";

it("goes in a straight line, and meets both ends exactly", () => {
  const schedule = build(linear, { initial: 0.1, final: 0.7, steps: 6 }, { totalSteps: 100 });
  const line = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.7];
  for (const [step, value] of line.entries()) expect(schedule.at(step)).toBeCloseTo(value, 12);
  expect([schedule.at(0), schedule.at(6), schedule.at(1000)]).toEqual([0.1, 0.7, 0.7]);
  expect([schedule.final, schedule.end]).toEqual([0.7, 6]);
});

it("waits, and may fall", () => {
  const schedule = build(linear, { initial: 2, final: 0, steps: 4, after: 3 }, { totalSteps: 100 });
  expect([0, 3, 4, 5, 7, 8].map((step) => schedule.at(step))).toEqual([2, 2, 1.5, 1, 0, 0]);
  expect(schedule.end).toBe(7);
});

it("takes the rest of the run where its steps are not said", () => {
  const schedule = build(linear, { initial: 1, final: 0, after: 20 }, { totalSteps: 100 });
  expect([0, 20, 60, 100, 500].map((step) => schedule.at(step))).toEqual([1, 1, 0.5, 0, 0]);
  expect([schedule.final, schedule.end]).toEqual([0, 100]);
  // A run that ends before it sets out is too short by one step, and so is refused.
  expect(linear.duration?.({ type: "linear", final: 0, after: 100 }, { totalSteps: 100 })).toBe(101);
});

it("says how long it takes before it is built", () => {
  expect(linear.duration?.({ type: "linear", final: 1, steps: 600 }, { totalSteps: 1000 })).toBe(600);
  expect(linear.duration?.({ type: "linear", final: 1, steps: 600, after: 50 }, { totalSteps: 1000 })).toBe(650);
});
