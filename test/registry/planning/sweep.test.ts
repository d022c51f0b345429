/** Sweeps: what is refused before the first trial, and the exact list of trials. */
import { describe, expect, test } from "vitest";
import { planTrials } from "../../../src/registry/planning/trials.js";
import { defineDataset } from "../../../src/spec/define.js";
import { catalogue, least, unused } from "../support/definitions.js";
import { workspace } from "../support/workspace.js";

const swept = (sweep: object, more: object = {}) => ({ ...least, ...more, sweep });
const counted = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

test.each<[string, string, unknown, string]>([
  [
    "a key that is not in the schema",
    "SPEC_INVALID",
    swept({ grid: { "objective.betta": [1, 2] } }),
    'a.json:10  /sweep/grid/objective.betta  "objective" has no field "betta". Did you mean "beta"? Known: beta, samples',
  ],
  [
    "one value of many, said once though it is in four trials",
    "SPEC_INVALID",
    swept({ grid: { "objective.beta": [1, "lineer"], "model.latent": [2, 3] }, seeds: [1, 2] }),
    'a.json:12  /objective/beta  unknown schedule "lineer". Did you mean "linear"? Known: constant, forever, linear',
  ],
  [
    "zip lists that differ in length",
    "SPEC_INVALID",
    swept({ zip: { "objective.beta": [1, 2], "model.latent": [2] } }),
    'a.json:9  /sweep/zip  the lists of a zip must have equal lengths: "objective.beta" has 2, "model.latent" has 1',
  ],
  [
    "the seed as an axis",
    "SPEC_INVALID",
    swept({ grid: { seed: [1, 2] } }),
    'a.json:10  /sweep/grid/seed  the seed cannot be swept as a setting. List seeds in "sweep": { "seeds": [...] }.',
  ],
  [
    "a key that says nothing of the run",
    "SPEC_INVALID",
    swept({ grid: { name: ["a"] } }),
    'a.json:10  /sweep/grid/name  "name" cannot be swept',
  ],
  [
    "a key in grid and in zip",
    "SPEC_INVALID",
    swept({ grid: { "model.latent": [1] }, zip: { "model.latent": [1] } }),
    'a.json:15  /sweep/zip/model.latent  "model.latent" is both in grid and in zip. Keep one of the two.',
  ],
  [
    "the same trial twice",
    "SPEC_INVALID",
    swept({ grid: { "objective.beta": [1, { type: "constant", value: 1 }] } }),
    'a.json:8  /sweep  two trials are identical: objective.beta = 1, and objective.beta = {"type":"constant","value":1}. Keep one of the two.',
  ],
  [
    "more trials than anyone can mean",
    "SPEC_INVALID",
    swept({ grid: { "model.latent": counted(101), "objective.samples": counted(50) }, seeds: [1, 2] }),
    "a.json:8  /sweep  a sweep of 10100 trials. A sweep has 10000 at most.",
  ],
  [
    "an axis without values",
    "SPEC_INVALID",
    swept({ grid: { "model.latent": [] } }),
    "a.json:10  /sweep/grid/model.latent  should have at least 1 item, not 0",
  ],
  [
    "a drawn path that is not in the schema",
    "SPEC_INVALID",
    swept({ random: { n: 2, space: { "objective.betta": { low: 1, high: 2 } } } }),
    'a.json:12  /sweep/random/space/objective.betta  "objective" has no field "betta". Did you mean "beta"? Known: beta, samples',
  ],
  [
    "a drawn path that the grid has",
    "SPEC_INVALID",
    swept({ grid: { "model.latent": [1] }, random: { n: 1, space: { "model.latent": [1] } } }),
    'a.json:17  /sweep/random/space/model.latent  "model.latent" is both in grid and in random. Keep one of the two.',
  ],
  [
    "an empty range",
    "SPEC_INVALID",
    swept({ random: { n: 2, space: { "objective.beta": { low: 2, high: 2 } } } }),
    "a.json:12  /sweep/random/space/objective.beta  the range from 2 to 2 is empty. Set low below high.",
  ],
  [
    "a logarithmic range from 0",
    "SPEC_INVALID",
    swept({ random: { n: 2, space: { "objective.beta": { low: 0, high: 2, log: true } } } }),
    "a.json:12  /sweep/random/space/objective.beta  a logarithmic range cannot start at 0. Set low above 0, or log to false.",
  ],
  [
    "a whole-numbered range with broken ends",
    "SPEC_INVALID",
    swept({ random: { n: 2, space: { "model.latent": { low: 1.5, high: 4, integer: true } } } }),
    'a.json:12  /sweep/random/space/model.latent  1.5 and 4 are not both integers. Give integers, or remove "integer".',
  ],
  [
    "more draws than the space holds",
    "SPEC_INVALID",
    swept({
      random: { n: 9, space: { "model.latent": { low: 1, high: 4, integer: true }, "objective.beta": [1, 2] } },
    }),
    "a.json:10  /sweep/random/n  cannot draw 9 distinct settings from a space of 8. Draw fewer, or run all of them with a grid.",
  ],
  [
    "a misspelled field of a range",
    "SPEC_INVALID",
    swept({ random: { n: 2, space: { "objective.beta": { low: 1, high: 2, logg: true } } } }),
    'a.json:15  /sweep/random/space/objective.beta/logg  unknown key "logg". Did you mean "log"? Known: low, high, log, integer',
  ],
  [
    "a setting that is too short for a schedule",
    "SPEC_COMBINATION",
    swept(
      { grid: { "training.epochs": [20, 1] } },
      { objective: { type: "elbo", beta: { type: "linear", to: 1, steps: 100 } } },
    ),
    'a.json:10  /objective/beta  the schedule "linear" takes 100 steps, but the run has 7: 1 epoch of 7 (with training.epochs = 1). Shorten it, or train for at least 15 epochs.',
  ],
])("%s is refused", async (_, code, spec, line) => {
  expect(await workspace({ "a.json": spec }).refusal("a.json")).toEqual([code, line]);
});

describe("trials", () => {
  test("grid in the order of its keys, zip in step inside it, seeds fastest", async () => {
    const sweep = {
      grid: { "objective.beta": [0.5, 2], "model.prior": ["gaussian"] },
      zip: { "model.latent": [2, 3], "data.size": [300, 400] },
      seeds: [7, 8],
    };
    const trials = planTrials(await workspace({ "a.json": swept(sweep) }).load("a.json"));
    expect(trials.map(({ choices }) => Object.values(choices))).toEqual([
      [0.5, "gaussian", 2, 300, 7],
      [0.5, "gaussian", 2, 300, 8],
      [0.5, "gaussian", 3, 400, 7],
      [0.5, "gaussian", 3, 400, 8],
      [2, "gaussian", 2, 300, 7],
      [2, "gaussian", 2, 300, 8],
      [2, "gaussian", 3, 400, 7],
      [2, "gaussian", 3, 400, 8],
    ]);
    const { spec, seed, choices } = trials.at(-1)!;
    expect(Object.keys(choices)).toEqual(["objective.beta", "model.prior", "model.latent", "data.size", "seed"]);
    expect(spec.seed).toBe(8);
    expect(seed).toBe(8);
    expect(spec.model.latent).toBe(3);
    expect(spec.data).toEqual({ type: "points", size: 400, support: "binary" });
    expect(spec.objective.beta).toEqual({ type: "constant", value: 2 });
    expect(spec).not.toHaveProperty("sweep");
    expect(new Set(trials.map(({ id }) => id)).size).toBe(8);
  });

  test("a field of a swept component is written after the component, in whatever order the keys stand", async () => {
    const sweep = { grid: { "model.prior.components": [3, 5], "model.prior": ["gaussian-mixture"] } };
    const trials = planTrials(await workspace({ "a.json": swept(sweep) }).load("a.json"));
    expect(trials.map(({ spec }) => spec.model.prior)).toEqual([
      { type: "gaussian-mixture", components: 3 },
      { type: "gaussian-mixture", components: 5 },
    ]);
  });

  test("an id follows what is computed, not how it is named or written", async () => {
    const idOf = async (spec: unknown, options = {}) =>
      planTrials(await workspace({ "a.json": spec }).load("a.json", options))[0]!.id;
    const id = await idOf(least);
    expect(id).toMatch(/^[0-9a-f]{12}$/);
    const inFull = { ...least, name: "other", description: "text", seed: 1, objective: { beta: 1, type: "elbo" } };
    expect(await idOf(inFull)).toBe(id);
    expect(await idOf(swept({ grid: { "objective.beta": [1] }, seeds: [1] }))).toBe(id);
    expect(await idOf({ ...least, seed: 2 })).not.toBe(id);
    expect(await idOf(least, { set: ["objective.samples=2"] })).not.toBe(id);
  });

  test("without a sweep there is one, with the spec's own seed and no choices", async () => {
    const trials = planTrials(await workspace({ "a.json": { ...least, seed: 9 } }).load("a.json"));
    expect(trials.map(({ seed, choices }) => ({ seed, choices }))).toEqual([{ seed: 9, choices: {} }]);
  });
});

test("the settings of a sweep look at the same data once", async () => {
  let looks = 0;
  const counting = defineDataset({
    schema: {
      type: "object",
      required: ["type"],
      additionalProperties: false,
      properties: { type: { const: "counting" }, size: { type: "integer", default: 500 } },
    },
    inspect: ({ size }) => {
      looks++;
      return { fields: {}, modeled: "none", sizes: { train: Number(size), validation: 1, test: 1 } };
    },
    create: () => unused(),
  });
  const sweep = { grid: { "model.latent": counted(5), "data.size": [400, 500] } };
  const place = workspace({ "a.json": { ...least, data: "counting", sweep } });
  const { settings } = await place.load("a.json", { catalogue: catalogue.child([counting], "test") });
  expect(settings).toHaveLength(10);
  expect(looks).toBe(2);
});

describe("drawn settings", () => {
  const SPACE = {
    "objective.beta": { low: 0.01, high: 100, log: true },
    "model.latent": { low: 2, high: 5, integer: true },
    "objective.samples": [1, 3],
  };
  const drawn = async (random: object, sweep: object = {}) =>
    planTrials(await workspace({ "a.json": swept({ ...sweep, random: { space: SPACE, ...random } }) }).load("a.json"));
  const choicesOf = async (random: object) => (await drawn(random)).map(({ choices }) => choices);

  test("are as many as asked for, all different, within the space and in every part of it", async () => {
    const choices = await choicesOf({ n: 400 });
    expect(new Set(choices.map((each) => JSON.stringify(each))).size).toBe(400);
    const of = (path: string): number[] => choices.map((each) => each[path] as number);
    const betas = of("objective.beta");
    expect(Math.min(...betas)).toBeGreaterThanOrEqual(0.01);
    expect(Math.max(...betas)).toBeLessThanOrEqual(100);
    // Evenly in the logarithm: a quarter in each two decades, of which 400 draws stray by 5 standard deviations at most.
    for (const [low, high] of [
      [0.01, 0.1],
      [0.1, 1],
      [1, 10],
      [10, 100],
    ] as const) {
      const share = betas.filter((beta) => beta >= low && beta < high).length / 400;
      expect(Math.abs(share - 0.25)).toBeLessThan(5 * Math.sqrt((0.25 * 0.75) / 400));
    }
    for (const whole of [2, 3, 4, 5]) {
      const share = of("model.latent").filter((value) => value === whole).length / 400;
      expect(Math.abs(share - 0.25)).toBeLessThan(5 * Math.sqrt((0.25 * 0.75) / 400));
    }
    expect(new Set(of("objective.samples"))).toEqual(new Set([1, 3]));
    for (const beta of betas) expect(Number(beta.toPrecision(5))).toBe(beta);
  });
  test("are the same for a seed, others for another, and the first of more", async () => {
    const ten = await choicesOf({ n: 10, seed: 4 });
    expect(await choicesOf({ n: 10, seed: 4 })).toEqual(ten);
    expect((await choicesOf({ n: 12, seed: 4 })).slice(0, 10)).toEqual(ten);
    expect(await choicesOf({ n: 10, seed: 5 })).not.toEqual(ten);
    expect(await choicesOf({ n: 10, seed: 0 })).toEqual(await choicesOf({ n: 10 }));
  });
  test("can be all of a finite space", async () => {
    const space = { "model.latent": { low: 2, high: 5, integer: true }, "objective.samples": [1, 3] };
    const choices = await choicesOf({ n: 8, space });
    expect(new Set(choices.map((each) => `${each["model.latent"]} ${each["objective.samples"]}`)).size).toBe(8);
  });
  test("are crossed with grid, zip and seeds, and every trial has its values in its spec", async () => {
    const space = { "objective.beta": { low: 1, high: 2 } };
    const trials = await drawn({ n: 3, space }, { grid: { "model.latent": [2, 3] }, seeds: [1, 2] });
    expect(trials).toHaveLength(12);
    for (const { choices, spec } of trials) {
      expect(spec.model.latent).toBe(choices["model.latent"]);
      expect(spec.objective.beta).toMatchObject({ type: "constant", value: choices["objective.beta"] });
    }
  });
});
