import { expect, it } from "vitest";
import { constant } from "../../src/schedules/index.js";
import { build } from "../support/components.js";

it("is one value at every step, and has ended before it began", () => {
  const schedule = build(constant, { value: 0.25 }, { totalSteps: 100 });
  expect([0, 1, 99, 1e6].map((step) => schedule.at(step))).toEqual([0.25, 0.25, 0.25, 0.25]);
  expect([schedule.final, schedule.end]).toEqual([0.25, 0]);
  expect(constant.duration?.({ type: "constant", value: 0.25 }, { totalSteps: 100 })).toBe(0);
});
