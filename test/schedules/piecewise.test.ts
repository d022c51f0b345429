import { expect, it } from "vitest";
import { piecewise } from "../../src/schedules/index.js";
import { build } from "../support/components.js";

const points = [
  { step: 2, value: 1 },
  { step: 6, value: 3 },
  { step: 8, value: 0 },
];
const valuesBy = (between: string): number[] => {
  const schedule = build(piecewise, { points, between }, { totalSteps: 100 });
  expect([schedule.final, schedule.end]).toEqual([0, 8]);
  return [0, 2, 3, 4, 5, 6, 7, 8, 50].map((step) => schedule.at(step));
};

it("goes through its points in straight lines, in half cosines, or in steps", () => {
  expect(valuesBy("linear")).toEqual([1, 1, 1.5, 2, 2.5, 3, 1.5, 0, 0]);
  expect(valuesBy("steps")).toEqual([1, 1, 1, 1, 1, 3, 3, 0, 0]);
  const cosine = valuesBy("cosine");
  // (1 - cos(pi / 4)) / 2 of the way after a quarter.
  const quarter = (1 - Math.SQRT1_2) / 2;
  for (const [i, value] of [1, 1, 1 + 2 * quarter, 2, 3 - 2 * quarter, 3, 1.5, 0, 0].entries())
    expect(cosine[i]).toBeCloseTo(value, 12);
});

it("of one point is constant", () => {
  const schedule = build(piecewise, { points: [{ step: 0, value: 7 }] }, { totalSteps: 3 });
  expect([0, 1, 2].map((step) => schedule.at(step))).toEqual([7, 7, 7]);
});

it("refuses points that do not go forward", () => {
  const back = { type: "piecewise", points: [points[0], points[2], points[1]] };
  expect(() => piecewise.resolve?.(back, {})).toThrow("step 6 follows step 8");
  const twice = { type: "piecewise", points: [points[0], points[0]] };
  expect(() => piecewise.resolve?.(twice, {})).toThrow("step 2 follows step 2");
});
