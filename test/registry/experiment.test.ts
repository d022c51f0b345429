/** Whole experiments: from memory, back from what a run saved, and with hooks that refuse. */
import { mkdirSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { VaelabError } from "../../src/errors.js";
import { loadExperimentValue } from "../../src/registry/experiment.js";
import { planTrials } from "../../src/registry/planning/trials.js";
import { defineDataset, defineMetric, definePrior } from "../../src/spec/define.js";
import { catalogue, least, unused } from "./support/definitions.js";
import { refusalOf, workspace } from "./support/workspace.js";

describe("a spec from memory", () => {
  test("follows extends from the folder it is given, and keeps its caller's object as it was", async () => {
    const { folder } = workspace({ "base.json": least });
    const value = { extends: "base.json", objective: { type: "elbo", beta: 2 } };
    const { spec, folder: from, file } = await loadExperimentValue(value, { catalogue, folder });
    expect(spec.objective.beta).toEqual({ type: "constant", value: 2 });
    expect(spec.model.latent).toBe(2);
    expect([from, file]).toEqual([folder, undefined]);
    expect(value).toEqual({ extends: "base.json", objective: { type: "elbo", beta: 2 } });
  });

  const circular: Record<string, unknown> = {};
  circular.self = circular;
  test.each<[string, unknown, string]>([
    ["NaN", { ...least, seed: Number.NaN }, 'a spec can hold only JSON values: "seed" is NaN'],
    ["a function", { ...least, seed: () => 1 }, 'a spec can hold only JSON values: "seed" is a function'],
    ["a circle", circular, "a spec can hold only JSON values: Converting circular structure to JSON"],
    [
      "__proto__",
      JSON.parse('{"__proto__": {"a": 1}}'),
      '/__proto__  the key "__proto__" is refused. No spec has a field of this name.',
    ],
  ])("with %s is refused", async (_, value, message) => {
    expect(await refusalOf(loadExperimentValue(value, { catalogue }))).toEqual([
      "SPEC_SYNTAX",
      `(given spec)  ${message}`,
    ]);
    expect({}).not.toHaveProperty("a");
  });

  test("with an error in it says so without a file", async () => {
    const refusal = await refusalOf(loadExperimentValue({ ...least, seed: -1 }, { catalogue }));
    expect(refusal).toEqual(["SPEC_INVALID", "(given spec)  /seed  should be at least 0, not -1"]);
  });
});

test("a trial's resolved spec, read back from another folder, is the same trial", async () => {
  const place = workspace({
    "base/prior.mjs": `export default [{ kind: "prior", create() {}, schema: { type: "object", required: ["type"],
      additionalProperties: false, properties: { type: { const: "own" } } } }];`,
    "base/x.csv": "",
    "base/a.json": {
      ...least,
      data: { type: "points", file: "./x.csv" },
      plugins: ["./prior.mjs"],
      model: { latent: 2, encoder: { type: "mlp", hidden: [9, 5] }, prior: "own" },
      sweep: { grid: { "objective.beta": [0.5, { type: "linear", to: 1, steps: 3 }] }, seeds: [4] },
    },
  });
  const trials = planTrials(await place.load("base/a.json"));
  expect(trials).toHaveLength(2);
  mkdirSync(place.path("runs"));
  for (const { id, spec } of trials) {
    writeFileSync(place.path("runs/resolved.json"), JSON.stringify(spec));
    const [again, ...more] = planTrials(await place.load("runs/resolved.json"));
    expect(more).toEqual([]);
    expect(again!.id).toBe(id);
    expect(again!.spec).toEqual(spec);
  }
});

describe("hooks", () => {
  const schema = <const T extends string>(type: T) =>
    ({
      type: "object",
      required: ["type"],
      additionalProperties: false,
      properties: { type: { const: type } },
    }) as const;
  const picky = definePrior({
    schema: schema("picky"),
    resolve: (fields, { encoder }) => {
      if (encoder?.type === "mlp")
        throw new VaelabError("SPEC_COMBINATION", { message: "no mlp, please", remedy: "Take another." });
      return fields;
    },
    create: () => ({ at: unused }),
  });
  const needy = definePrior({
    schema: schema("needy"),
    requires: () => [{ kind: "metric", capability: "test/codes", reason: '"codes-metric" has it.' }],
    create: () => ({ at: unused }),
  });
  const codes = defineMetric({
    schema: schema("codes-metric"),
    figures: {
      codes: { title: "codes", unit: "nats", better: "neither", section: "latent", reading: "Unused." },
    },
    capabilities: () => ["test/codes"],
    create: () => ({ evaluate: unused }),
  });
  const broken = defineDataset({ schema: schema("broken"), inspect: () => unused(), create: () => unused() });
  const scope = catalogue.child([picky, needy, codes, broken], "test");
  const refused = (spec: object) =>
    workspace({ "a.json": { ...least, ...spec } }).refusal("a.json", { catalogue: scope });

  test("a resolve hook may refuse its siblings", async () => {
    expect(await refused({ model: { ...least.model, prior: "picky" } })).toEqual([
      "SPEC_COMBINATION",
      "a.json:7  /model/prior  no mlp, please. Take another.",
    ]);
  });

  test("a requirement is met by any of several parts", async () => {
    const model = { ...least.model, prior: "needy" };
    const metrics =
      'the prior "needy" needs a metric with "test/codes", which metric "elbo" and metric "iwae-nll" do not have';
    expect(await refused({ model, evaluation: { metrics: ["elbo", "iwae-nll"] } })).toEqual([
      "SPEC_COMBINATION",
      `a.json:7  /model/prior  ${metrics}. "codes-metric" has it.`,
    ]);
    const place = workspace({ "a.json": { ...least, model, evaluation: { metrics: ["elbo", "codes-metric"] } } });
    expect((await place.load("a.json", { catalogue: scope })).spec.model.prior).toEqual({ type: "needy" });
  });

  test("an inspect that throws is its dataset's fault", async () => {
    expect(await refused({ data: "broken" })).toEqual([
      "CONTRACT",
      '/data  inspect of the dataset "broken" throws: nothing is computed in these tests',
    ]);
  });
});
