import { expect, it } from "vitest";
import { sigmoid } from "../../src/schedules/index.js";
import { build } from "../support/components.js";

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

it.each([1, 10, 40])("is the logistic function of sharpness %d, stretched to meet its ends", (sharpness) => {
  const schedule = build(sigmoid, { initial: 1, final: 5, steps: 8, after: 3, sharpness }, { totalSteps: 100 });
  const [low, high] = [logistic(-sharpness / 2), logistic(sharpness / 2)];
  for (let step = 0; step <= 8; step++) {
    const part = (logistic(sharpness * (step / 8 - 0.5)) - low) / (high - low);
    expect(schedule.at(3 + step)).toBeCloseTo(1 + 4 * part, 10);
  }
  expect([0, 3, 7, 11, 1000].map((step) => schedule.at(step))).toEqual([1, 1, 3, 5, 5]);
  expect([schedule.final, schedule.end]).toEqual([5, 11]);
});

it("of little sharpness is a straight line, of much a step", () => {
  const soft = build(sigmoid, { final: 1, steps: 10, sharpness: 1e-3 }, { totalSteps: 10 });
  const hard = build(sigmoid, { final: 1, sharpness: 1000 }, { totalSteps: 10 });
  for (let step = 0; step <= 10; step++) {
    expect(soft.at(step)).toBeCloseTo(step / 10, 6);
    expect(hard.at(step)).toBeCloseTo(step < 5 ? 0 : step === 5 ? 0.5 : 1, 6);
  }
});
