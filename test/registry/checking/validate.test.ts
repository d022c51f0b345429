/** What is said of a spec that is wrong: every line in full, as people read it. */
import { describe, expect, test } from "vitest";
import { experimentSchema } from "../../../src/spec/experiment-schema.js";
import { least } from "../support/definitions.js";
import { workspace } from "../support/workspace.js";

/** Written a key a line: `name` stands on line 2, `model` on 4, what is added to `least` from line 8 on. */
const refused = (spec: unknown) => workspace({ "a.json": spec }).refusal("a.json");
const withModel = (fields: object) => ({ ...least, model: { ...least.model, ...fields } });
const fields = Object.keys(experimentSchema.properties).filter((key) => key !== "$schema" && key !== "extends");

const priors = "Known: gaussian, gaussian-mixture, tempered";
const slot = 'should be the name of a prior, or { "type": NAME, ... }, not';

test.each<[string, unknown, string]>([
  [
    "an unknown component",
    withModel({ prior: { type: "gausian" } }),
    `a.json:8  /model/prior/type  unknown prior "gausian". Did you mean "gaussian"? ${priors}`,
  ],
  [
    "an unknown component, bare",
    withModel({ prior: "vampp" }),
    `a.json:7  /model/prior  unknown prior "vampp". ${priors}`,
  ],
  [
    "no type",
    withModel({ prior: { components: 3 } }),
    `a.json:7  /model/prior  "type" is missing: it names the prior. ${priors}`,
  ],
  [
    "a type that is no name",
    withModel({ prior: { type: 5 } }),
    `a.json:8  /model/prior/type  the type of a prior is a name, not the number 5. ${priors}`,
  ],
  ["a number in a slot", withModel({ prior: 5 }), `a.json:7  /model/prior  ${slot} the number 5`],
  [
    "a misspelled key",
    { ...least, modle: {} },
    `a.json:8  /modle  unknown key "modle". Did you mean "model"? Known: ${fields.join(", ")}`,
  ],
  [
    "a misspelled key of a component",
    { ...least, objective: { type: "elbo", betta: 2 } },
    'a.json:10  /objective/betta  unknown key "betta" of "elbo". Did you mean "beta"? Known: beta, samples',
  ],
  [
    "a misspelled key of a component in a component",
    { ...least, objective: { type: "sum", terms: [{ type: "elbo", betta: 2 }] } },
    'a.json:13  /objective/terms/0/betta  unknown key "betta" of "elbo". Did you mean "beta"? Known: beta, samples',
  ],
  ["a missing field", { name: "x", data: "points", model: { latent: 2 } }, 'a.json:4  /model  "encoder" is missing'],
  [
    "a missing field of a bare component",
    withModel({ prior: "tempered" }),
    'a.json:7  /model/prior  "base" is missing. Meaning: the prior that is tempered',
  ],
  [
    "text for a number",
    withModel({ latent: "two" }),
    'a.json:5  /model/latent  should be a whole number, not the text "two"',
  ],
  [
    "a number that is not whole",
    withModel({ latent: 2.5 }),
    "a.json:5  /model/latent  should be a whole number, not 2.5",
  ],
  ["a number below its least", withModel({ latent: 0 }), "a.json:5  /model/latent  should be at least 1, not 0"],
  [
    "a number at an open end",
    { ...least, training: { clipNorm: 0 } },
    "a.json:9  /training/clipNorm  should be above 0, not 0",
  ],
  [
    "a number above its most",
    { ...least, seed: 2 ** 32 },
    "a.json:8  /seed  should be at most 4294967295, not 4294967296",
  ],
  ["null", withModel({ latent: null }), "a.json:5  /model/latent  should be a whole number, not null"],
  [
    "a choice that is none",
    { ...least, data: { type: "points", support: "binari" } },
    'a.json:5  /data/support  should be one of "binary", "real", not the text "binari". Did you mean "binary"?',
  ],
  [
    "a name that no folder can have",
    { ...least, name: "a/b" },
    'a.json:2  /name  should be text that matches ^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$, not the text "a/b". Meaning: Name of the run folder',
  ],
  ["a list for an object", { ...least, training: [] }, "a.json:8  /training  should be an object, not a list"],
  [
    "true for a schedule",
    { ...least, objective: { type: "elbo", beta: true } },
    'a.json:10  /objective/beta  should be a number, the name of a schedule, or { "type": NAME, ... }, not true',
  ],
  [
    "an empty list",
    { ...least, objective: { type: "sum", terms: [] } },
    "a.json:10  /objective/terms  should have at least 1 item, not 0",
  ],
  ["an item twice", { ...least, sweep: { seeds: [1, 2, 1] } }, "a.json:9  /sweep/seeds  items 2 and 0 are the same"],
  [
    "none of several forms",
    withModel({ encoder: { type: "mlp", dropout: true } }),
    'a.json:8  /model/encoder/dropout  should be a number or "none", not true',
  ],
  [
    "one of several forms, out of its range",
    withModel({ encoder: { type: "mlp", dropout: -1 } }),
    "a.json:8  /model/encoder/dropout  should be at least 0, not -1",
  ],
  ["a plugin that is no text", { ...least, plugins: [5] }, "a.json:9  /plugins/0  should be text, not the number 5"],
])("against the schema: %s", async (_, spec, line) => {
  expect(await refused(spec)).toEqual(["SPEC_INVALID", line]);
});

const density =
  'the objective "elbo" needs a posterior with "density", which posterior "deterministic" does not have. It takes the KL to the prior; "diagonal-gaussian" fits.';

test.each<[string, unknown, string]>([
  ["a pair", { ...withModel({ posterior: "deterministic" }), objective: "elbo" }, `a.json:9  /objective  ${density}`],
  [
    "a pair whose first half is a default",
    withModel({ posterior: "deterministic" }),
    `a.json:7  /model/posterior  ${density}`,
  ],
  [
    "data that the likelihood has no density for",
    { ...withModel({ likelihood: "bernoulli" }), data: { type: "points", support: "real" } },
    'a.json:10  /model/likelihood  the likelihood "bernoulli" cannot take the field "columns": its values are real, not 0 or 1; a likelihood for them is "gaussian"',
  ],
  [
    "a batch larger than the training split",
    { ...least, data: { type: "points", size: 100 }, training: { batchSize: 101 } },
    "a.json:12  /training/batchSize  a batch of 101 is larger than the training split, which has 100 examples. At most 100 fit.",
  ],
  [
    "a schedule that is one step longer than the run",
    { ...least, objective: { type: "elbo", beta: { type: "linear", to: 1, steps: 141 } } },
    'a.json:10  /objective/beta  the schedule "linear" takes 141 steps, but the run has 140: 20 epochs of 7. Shorten it, or train for at least 21 epochs.',
  ],
  [
    "a data file that is not there",
    { ...least, data: { type: "points", file: "./none.csv" } },
    "a.json:3  /data  none.csv: there is no such file",
  ],
])("parts that cannot work together: %s", async (_, spec, line) => {
  expect(await refused(spec)).toEqual(["SPEC_COMBINATION", line]);
});

describe("what may be written", () => {
  test("a schedule as long as the run, and one that never ends", async () => {
    const beta = { type: "linear", to: 1, steps: 140 };
    const spec = {
      ...least,
      objective: { type: "elbo", beta },
      training: { optimizer: { type: "adam", learningRate: "forever" } },
    };
    const { spec: resolved } = await workspace({ "a.json": spec }).load("a.json");
    expect(resolved.objective.beta).toEqual({ type: "linear", from: 0, to: 1, steps: 140 });
    expect(resolved.training.optimizer.learningRate).toEqual({ type: "forever", period: 100_000 });
  });

  test("every default is filled, nested ones and those that follow a sibling too, and nothing can be changed", async () => {
    const { spec, written } = await workspace({
      "a.json": { ...withModel({ encoder: { type: "mlp", hidden: [5, 3] } }), objective: { type: "elbo", beta: 0.5 } },
    }).load("a.json");
    expect(spec.model).toEqual({
      latent: 2,
      encoder: { type: "mlp", hidden: [5, 3] },
      posterior: { type: "diagonal-gaussian" },
      prior: { type: "gaussian" },
      decoder: { type: "mlp", hidden: [3, 5] },
      likelihood: { type: "bernoulli" },
      heads: [],
    });
    expect(spec.data).toEqual({ type: "points", size: 1000, support: "binary" });
    expect(spec.objective).toEqual({ type: "elbo", beta: { type: "constant", value: 0.5 }, samples: 1 });
    expect(spec.training.optimizer).toEqual({ type: "adam", learningRate: { type: "constant", value: 0.001 } });
    expect(spec.evaluation.metrics.map(({ type }) => type)).toEqual(["elbo", "active-units", "iwae-nll"]);
    expect(written).toEqual({
      ...withModel({ encoder: { type: "mlp", hidden: [5, 3] } }),
      objective: { type: "elbo", beta: 0.5 },
    });
    expect(Object.isFrozen(spec.model.encoder.hidden)).toBe(true);
  });

  test("a path starts from the file that wrote it", async () => {
    const files = {
      "base/a.json": { ...least, data: { type: "points", file: "x.csv" } },
      "base/x.csv": "",
      "b.json": { extends: "base/a.json", data: { size: 500 } },
    };
    const place = workspace(files);
    expect((await place.load("b.json")).spec.data).toEqual({
      type: "points",
      size: 500,
      support: "binary",
      file: place.path("base/x.csv"),
    });
  });
});

test("all errors come at once, and a part that is wrong in itself takes no part in the rest", async () => {
  const spec = {
    name: "x y",
    data: { type: "points", support: "real" },
    model: {
      latent: 2,
      encoder: { type: "mlp", hidden: "8" },
      posterior: "deterministic",
      likelihood: "bernouli",
      prior: "gaussian",
    },
    objective: { type: "elbo", sample: 2 },
    training: { epochs: 0 },
  };
  expect(await refused(spec)).toEqual([
    "SPEC_INVALID",
    'a.json:2  /name  should be text that matches ^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$, not the text "x y". Meaning: Name of the run folder',
    'a.json:11  /model/encoder/hidden  should be a list, not the text "8"',
    'a.json:14  /model/likelihood  unknown likelihood "bernouli". Did you mean "bernoulli"? Known: bernoulli, gaussian',
    'a.json:19  /objective/sample  unknown key "sample" of "elbo". Did you mean "samples"? Known: beta, samples',
    "a.json:22  /training/epochs  should be at least 1, not 0",
  ]);
});

test("20,000 faults are all named, once, and settings that would repeat them are not checked", async () => {
  const spec = {
    ...least,
    evaluation: { metrics: Array.from({ length: 20_000 }, () => 1) },
    sweep: { grid: { "model.latent": [1, 2, 3] } },
  };
  const [code, ...lines] = await refused(spec);
  expect(code).toBe("SPEC_INVALID");
  expect(lines).toHaveLength(20_001);
  expect(lines[0]).toContain("/evaluation/metrics/0  ");
  expect(lines[19_999]).toContain("/evaluation/metrics/19999  ");
  expect(lines[20_000]).toContain(
    "/sweep  only 0 of 3 settings were checked, because there are so many faults. Correct these first.",
  );
}, 20_000);
