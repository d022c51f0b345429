import { expect, it } from "vitest";
import { cyclical } from "../../src/schedules/index.js";
import { build } from "../support/components.js";

it("climbs over the first part of each cycle and then stays (Fu et al. 2019, equations 6 and 7)", () => {
  // T = 40, M = 4, R = 0.5: t = (step mod 10) / 10, f(t) = min(t / R, 1).
  const schedule = build(cyclical, {}, { totalSteps: 40 });
  const cycle = [0, 0.2, 0.4, 0.6, 0.8, 1, 1, 1, 1, 1];
  for (let step = 0; step < 40; step++) expect(schedule.at(step)).toBeCloseTo(cycle[step % 10]!, 12);
});

it("takes cycles that do not divide the run, other ends, and a climb over the whole cycle", () => {
  const schedule = build(cyclical, { initial: 1, final: 4, cycles: 3, ratio: 1 }, { totalSteps: 8 });
  // A cycle is 8/3 steps: at step 3 it is 1/8 through the second one.
  expect(schedule.at(0)).toBe(1);
  expect(schedule.at(1)).toBeCloseTo(1 + (3 * 3) / 8, 12);
  expect(schedule.at(3)).toBeCloseTo(1 + 3 / 8, 12);
});

it("never ends, and is judged at its upper value", () => {
  const schedule = build(cyclical, { final: 0.5 }, { totalSteps: 40 });
  expect([schedule.final, schedule.end]).toEqual([0.5, undefined]);
  expect(cyclical.duration?.({ type: "cyclical" }, { totalSteps: 40 })).toBeUndefined();
});
