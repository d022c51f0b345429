/** Schedules: finite at every step, the same whenever asked, and at their end what validation takes them to be. */
import { describe, expect, test } from "vitest";
import { builtins } from "../../src/builtins.js";
import type { Schedule } from "../../src/contracts/index.js";
import { createBuilder } from "../../src/registry/components/build.js";
import { createCatalogue } from "../../src/registry/components/catalogue.js";
import { casesOfKind } from "./support/cases.js";

const catalogue = createCatalogue(builtins);
const TOTAL = 100;

for (const each of casesOfKind("schedule"))
  describe(each.name, () => {
    const build = async (totalSteps = TOTAL): Promise<Schedule> =>
      (await createBuilder(catalogue)).build("schedule", each.fields, "/schedule", {
        schedule: () => ({ totalSteps }),
      });
    const steps = Array.from({ length: 3 * TOTAL }, (_, step) => step);

    test("is finite at every step, and remembers nothing", async () => {
      const schedule = await build();
      const values = steps.map((step) => schedule.at(step));
      expect(values.every(Number.isFinite)).toBe(true);
      expect(Number.isFinite(schedule.final)).toBe(true);
      expect(steps.toReversed().map((step) => schedule.at(step))).toEqual(values.toReversed());
      const again = await build();
      expect(steps.map((step) => again.at(step))).toEqual(values);
    });

    test("has reached its final value where it ends, which is as long as it says to last", async () => {
      const schedule = await build();
      const { end, final } = schedule;
      expect(each.definition.duration?.(each.fields, { totalSteps: TOTAL })).toBe(end);
      if (end === undefined) {
        // One that never ends has its final value somewhere on the way.
        expect(Math.min(...steps.slice(0, TOTAL).map((step) => Math.abs(schedule.at(step) - final)))).toBeLessThan(
          1e-9,
        );
      } else for (const after of [0, 1, 2, TOTAL]) expect(schedule.at(end + after)).toBe(final);
    });
  });
