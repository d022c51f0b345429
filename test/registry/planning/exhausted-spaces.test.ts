/** Spaces that hold fewer settings than are to be drawn, and sweeps too large to plan: refused, and soon. */
import { expect, test } from "vitest";
import { builtins } from "../../../src/builtins.js";
import { createCatalogue } from "../../../src/registry/components/catalogue.js";
import { workspace } from "../support/workspace.js";

const shipped = { catalogue: createCatalogue(builtins) };
const least = { name: "a", data: "gaussian", model: { latent: 2, encoder: "mlp", likelihood: "gaussian" } };
const refusalOf = async (sweep: object, more: object = {}): Promise<string[]> => {
  const started = process.cpuUsage();
  const refusal = await workspace({ "a.json": { ...least, ...more, sweep } }).refusal("a.json", shipped);
  const { user, system } = process.cpuUsage(started);
  expect((user + system) / 1e6).toBeLessThan(5);
  return refusal;
};
const random = (n: number, range: object, path = "objective.beta") => ({ random: { n, space: { [path]: range } } });

test.each<[string, object, string]>([
  [
    "two numbers of five digits",
    random(3, { low: 0.99999, high: 1 }),
    "only 2 distinct settings were found, but 3 are requested. Numbers are rounded to 5 digits: widen the ranges, or draw fewer.",
  ],
  // Rounding leads out of the range, and back to its lower end.
  [
    "one number",
    random(2, { low: 1.000001, high: 1.000002 }),
    "only 1 distinct settings were found, but 2 are requested",
  ],
  [
    "whole numbers that a double cannot tell apart",
    random(40, { low: 2 ** 53, high: 2 ** 53 + 40, integer: true }, "training.epochs"),
    "only 21 distinct settings were found, but 40 are requested",
  ],
  [
    "100,000 numbers each",
    {
      random: { n: 10_000, space: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`model.x${i}`, [1, 2]])) },
    },
    "10000 settings of 101 paths are 1010000 numbers to draw. At most 1000000 are drawn.",
  ],
])("a space of %s", async (_, sweep, line) => {
  const [code, ...lines] = await refusalOf(sweep);
  expect(code).toBe("SPEC_INVALID");
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(`/sweep/random/n  ${line}`);
});

test("ranges over all of single precision are drawn from as others are", async () => {
  const space = {
    "objective.beta": { low: 1e-38, high: 1e38, log: true },
    "training.optimizer.learningRate": { low: 0, high: 3e38 },
  };
  const { settings } = await workspace({ "a.json": { ...least, sweep: { random: { n: 200, space } } } }).load(
    "a.json",
    shipped,
  );
  const betas = settings.map(({ choices }) => choices["objective.beta"] as number);
  // Evenly in the logarithm: half of them below 1, of which 200 draws stray by 5 standard deviations at most.
  expect(Math.abs(betas.filter((beta) => beta < 1).length / 200 - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / 200));
  expect(new Set(betas).size).toBe(200);
});

test("many settings of a long spec", async () => {
  const columns = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`column ${i}`, "numeric"]));
  const data = { type: "csv", file: "a.csv", columns };
  const [, ...large] = await refusalOf(random(10_000, { low: 0, high: 1 }), { data });
  expect(large.at(-1)).toMatch(
    /\/sweep {2}10000 settings of a spec of 50\d\d values are too many to plan\. At most 19\d\d settings of this spec fit\.$/,
  );
});

test("as many settings as a sweep may have are checked in seconds", async () => {
  const sweep = random(10_000, { low: 0, high: 10 });
  const started = process.cpuUsage();
  const { settings } = await workspace({ "a.json": { ...least, sweep } }).load("a.json", shipped);
  const { user, system } = process.cpuUsage(started);
  expect(settings).toHaveLength(10_000);
  expect((user + system) / 1e6).toBeLessThan(5);
});
