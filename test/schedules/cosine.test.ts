import { expect, it } from "vitest";
import { cosine } from "../../src/schedules/index.js";
import { build } from "../support/components.js";

it("goes along half a cosine, and meets both ends exactly", () => {
  const schedule = build(cosine, { initial: 0.3, final: 0.1, steps: 6, after: 2 }, { totalSteps: 100 });
  // (1 - cos(pi u)) / 2 at sixths: 0, (2 - sqrt 3)/4, 1/4, 1/2, 3/4, (2 + sqrt 3)/4, 1.
  const done = [0, 0, 0, (2 - Math.sqrt(3)) / 4, 0.25, 0.5, 0.75, (2 + Math.sqrt(3)) / 4, 1, 1];
  for (const [step, part] of done.entries()) expect(schedule.at(step)).toBeCloseTo(0.3 - 0.2 * part, 12);
  expect([schedule.at(0), schedule.at(8), schedule.at(1000)]).toEqual([0.3, 0.1, 0.1]);
  expect([schedule.final, schedule.end]).toEqual([0.1, 8]);
});

it("takes the whole run where its steps are not said", () => {
  const schedule = build(cosine, { initial: 1, final: 0 }, { totalSteps: 40 });
  expect(schedule.at(20)).toBeCloseTo(0.5, 12);
  expect(schedule.end).toBe(40);
});
