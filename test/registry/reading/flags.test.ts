/** --set and --add: where a path may lead, what a value is, and every flag that cannot be applied. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { experimentNode } from "../../../src/registry/checking/resolve-spec.js";
import { assign } from "../../../src/registry/reading/assign.js";
import { originsOf, plain, showOrigin, type TracedObject, trace } from "../../../src/registry/reading/traced.js";
import { catalogue, least } from "../support/definitions.js";
import { workspace } from "../support/workspace.js";

const written = async (options: { set?: string[]; add?: string[] }, spec: unknown = least): Promise<unknown> =>
  (await workspace({ "a.json": spec }).load("a.json", options)).written;
const refused = (options: { set?: string[]; add?: string[] }, spec: unknown = least) =>
  workspace({ "a.json": spec }).refusal("a.json", options);

describe("--set", () => {
  test.each<[string, string, object]>([
    ["what is there", "model.latent=8", { model: { latent: 8, encoder: "mlp" } }],
    ["text that is no JSON", "description=two words", { description: "two words" }],
    ["text that looks like a number, quoted", 'description="5"', { description: "5" }],
    ["no text at all", "description=", { description: "" }],
    ["a value with an equals sign", "description=a=b", { description: "a=b" }],
    [
      "an object",
      'model.prior={"type": "gaussian-mixture", "components": 3}',
      { model: { ...least.model, prior: { type: "gaussian-mixture", components: 3 } } },
    ],
    [
      "a field of what is named bare",
      "model.encoder.hidden=[3]",
      { model: { latent: 2, encoder: { type: "mlp", hidden: [3] } } },
    ],
    ["a field of a default component", "objective.beta=4", { objective: { type: "elbo", beta: 4 } }],
    [
      "a field of a default two levels down",
      "training.optimizer.learningRate=0.1",
      { training: { optimizer: { type: "adam", learningRate: 0.1 } } },
    ],
    [
      "a field of an optional object",
      "training.earlyStopping.patience=3",
      { training: { earlyStopping: { patience: 3 } } },
    ],
    [
      "an item of a default list",
      "evaluation.metrics.2.samples=9",
      { evaluation: { metrics: [{ type: "elbo" }, { type: "active-units" }, { type: "iwae-nll", samples: 9 }] } },
    ],
    [
      "an axis of a sweep, whose key has dots",
      "sweep.grid.objective.beta=[1, 2]",
      { sweep: { grid: { "objective.beta": [1, 2] } } },
    ],
  ])("%s", async (_, flag, expected) => {
    expect(await written({ set: [flag] })).toEqual({ ...least, ...expected });
  });

  test("a field of a latent that is not written yet", async () => {
    const { latent, ...model } = least.model;
    const spec = { ...least, model: { ...model, latents: { z: { size: latent } } } };
    expect(await written({ set: ["model.latents.other.size=4"] }, spec)).toEqual({
      ...least,
      model: { ...model, latents: { z: { size: latent }, other: { size: 4 } } },
    });
  });

  test.each<[string, number]>([
    [".5", 0.5],
    ["-.5", -0.5],
    ["5.", 5],
    ["+1", 1],
    ["1_000", 1000],
    ["1e-3", 0.001],
    ['"1e-3"', 0.001],
    ["2.5E+1", 25],
    [" .5 ", 0.5],
    ["007", 7],
  ])("a weight written %s is a number", async (text, beta) => {
    expect(await written({ set: [`objective.beta=${text}`] })).toMatchObject({ objective: { type: "elbo", beta } });
  });

  test.each<[string, string, object]>([
    ["a whole number", "training.epochs=1_000", { training: { epochs: 1000 } }],
    [
      "an item of a list of numbers",
      'model.encoder.hidden=["1_0", 20]',
      { model: { latent: 2, encoder: { type: "mlp", hidden: [10, 20] } } },
    ],
    [
      "a list of values for a sweep",
      "sweep.grid.objective.beta=[.5, +1, 1_000]",
      { sweep: { grid: { "objective.beta": [0.5, 1, 1000] } } },
    ],
  ])("%s as well", async (_, flag, expected) => {
    expect(await written({ set: [flag] })).toEqual({ ...least, ...expected });
  });
  test("--add reads an item as the list's items are", async () => {
    const spec = { ...least, sweep: { seeds: [1] } };
    expect(await written({ add: ["sweep.seeds=+7"] }, spec)).toMatchObject({ sweep: { seeds: [1, 7] } });
  });
  test("a quoted number that a sweep puts where a number is wanted is one, from a flag alone", async () => {
    const { settings } = await workspace({ "a.json": least }).load("a.json", {
      set: ['sweep.grid.training.epochs=["1_0"]'],
    });
    expect(settings[0]?.spec.training.epochs).toBe(10);
    expect(await refused({}, { ...least, sweep: { grid: { "training.epochs": ["10"] } } })).toEqual([
      "SPEC_INVALID",
      expect.stringContaining('should be a whole number, not the text "10"'),
    ]);
  });
  test("text stays text where text is wanted", async () => {
    expect(await written({ set: ["description=.5"] })).toEqual({ ...least, description: ".5" });
  });
  test.each([
    ["training.epochs=1,000", 'should be a whole number, not the text "1,000"'],
    ["training.epochs=1__0", 'should be a whole number, not the text "1__0"'],
    ["training.epochs=ten", 'should be a whole number, not the text "ten"'],
    ["training.epochs=1.5", "should be a whole number, not 1.5"],
    ["training.clipNorm=5%", 'should be a number, not the text "5%"'],
    ["objective.beta=1/2", '"1/2" is neither a number nor a schedule. Write a number as in 0.5 or 1e-3.'],
    ["objective.beta=+1e999", '"+1e999" is neither a number nor a schedule. Write a number as in 0.5 or 1e-3.'],
  ])("%s is refused: %s", async (flag, message) => {
    const [, line, ...more] = await refused({ set: [flag] });
    expect(line).toMatch(new RegExp(`^--set ${flag.replace(/[+.]/g, "\\$&")}  /`));
    expect(line!.endsWith(`  ${message}`)).toBe(true);
    expect(more).toEqual([]);
  });

  test("a value of an axis that is there", async () => {
    const spec = { ...least, sweep: { grid: { "objective.beta": [1, 2] } } };
    expect(await written({ set: ["sweep.grid.objective.beta.1=3"] }, spec)).toEqual({
      ...least,
      sweep: { grid: { "objective.beta": [1, 3] } },
    });
  });

  test("the last flag wins, and a value's origin is its flag", async () => {
    const { spec, origins } = await workspace({ "a.json": least }).load("a.json", {
      set: ["model.latent=3", "model.latent=4"],
    });
    expect(spec.model.latent).toBe(4);
    expect(showOrigin(origins.get("/model/latent")!)).toBe("--set model.latent=4");
  });

  test("an error in a flag's value names the flag", async () => {
    expect(await refused({ set: ["model.latent=x"] })).toEqual([
      "SPEC_INVALID",
      '--set model.latent=x  /model/latent  should be a whole number, not the text "x"',
    ]);
    expect(await refused({ set: ["model.prior=vampp"] })).toEqual([
      "SPEC_INVALID",
      '--set model.prior=vampp  /model/prior/type  unknown prior "vampp". Known: gaussian, gaussian-mixture, tempered',
    ]);
  });

  test.each<[string, string, string]>([
    ["a misspelled key", "modl.latent=2", 'the spec has no field "modl". Did you mean "model"? Known: '],
    ["a misspelled key below", "model.laten=2", '"model" has no field "laten". Did you mean "latent"? Known: '],
    [
      "a key that this component has not",
      "model.prior.components=3",
      '"model.prior" has no field "components". None is known.',
    ],
    ["a field of a number", "seed.x=3", '"seed" is the number 1, which has no fields'],
    [
      "an index past the end",
      "evaluation.metrics.3=elbo",
      '"evaluation.metrics" is a list of 3 items without an index "3". Indexes run from 0 to 2; --add appends.',
    ],
    [
      "a field of no component",
      "data.size=3",
      'there is no dataset at "data" that could have this field. Set "data" first.',
    ],
    ["a list that is not closed", "model.encoder.hidden=[3", 'a "]" is missing'],
    ["a number too large", "model.latent=1e999", "1e999 is too large for a number"],
    ["no value", "model.latent", "a flag is written path=value. For example model.latent=8."],
    ["an empty key", "model..latent=3", '"model..latent" is not a dotted path'],
    [
      "__proto__ in the path",
      "model.__proto__.x=3",
      'the key "__proto__" is refused. No spec has a field of this name.',
    ],
    [
      "__proto__ in the value",
      'model={"__proto__": 1}',
      '/__proto__  the key "__proto__" is refused. No spec has a field of this name.',
    ],
    ["extends", "extends=b.json", "extends is followed before flags are applied. Write it in the spec file."],
  ])("%s is refused", async (_, flag, message) => {
    const spec = flag.startsWith("data") ? { name: "x" } : { seed: 1, ...least };
    const [code, line, ...more] = await refused({ set: [flag] }, spec);
    expect([code, more]).toEqual(["SPEC_FLAG", []]);
    expect(message.endsWith("Known: ") ? line?.slice(0, `--set ${flag}  ${message}`.length) : line).toBe(
      `--set ${flag}  ${message}`,
    );
  });

  test("all flags that fail are named at once", async () => {
    expect(await refused({ set: ["a", "b"], add: ["c"] })).toHaveLength(4);
    expect(await refused({ set: ["a=1", "b=1"], add: ["c=1"] })).toHaveLength(4);
  });
});

describe("--add", () => {
  test.each<[string, string, object]>([
    [
      "to a default list",
      "model.encoder.hidden=2",
      { model: { ...least.model, encoder: { type: "mlp", hidden: [8, 4, 2] } } },
    ],
    ["to a list that is not there", "sweep.seeds=3", { sweep: { seeds: [3] } }],
    ["a key", "description=text", { description: "text" }],
  ])("%s", async (_, flag, expected) => {
    expect(await written({ add: [flag] })).toEqual({ ...least, ...expected });
  });

  test("what is there is not replaced", async () => {
    expect(await refused({ add: ["model.latent=3"] })).toEqual([
      "SPEC_FLAG",
      '--add model.latent=3  "model.latent" is already there: the number 2. --set replaces it.',
    ]);
  });
});

test("whatever is set is found there afterwards, and nothing else changes", () => {
  const paths = fc.constantFrom(
    "name",
    "seed",
    "model.latent",
    "model.encoder.hidden",
    "objective.beta.value",
    "training.epochs",
    "sweep.grid.a.b",
  );
  const origin = { kind: "flag", flag: "--set", folder: "/" } as const;
  const base = trace(
    { name: "x", seed: 1, model: { latent: 2, encoder: { type: "mlp" } }, objective: { type: "elbo", beta: 1 } },
    { kind: "code", folder: "/" },
  ) as TracedObject;
  fc.assert(
    fc.property(
      paths,
      fc.jsonValue({ maxDepth: 2 }).filter((value) => !JSON.stringify(value).includes("__proto__")),
      (path, value) => {
        const result = assign(
          base,
          experimentNode,
          { path, value: trace(value as never, origin), mode: "set" },
          catalogue,
        );
        const pointer = path === "sweep.grid.a.b" ? "/sweep/grid/a.b" : `/${path.replaceAll(".", "/")}`;
        const at = pointer
          .split("/")
          .slice(1)
          .reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], plain(result));
        expect(JSON.stringify(at)).toBe(JSON.stringify(value));
        const origins = originsOf(result);
        for (const [other, before] of originsOf(base)) {
          if (other === pointer || other.startsWith(`${pointer}/`)) continue;
          expect(origins.get(other)).toEqual(before);
        }
        expect(Object.getPrototypeOf({})).toBe(Object.prototype);
      },
    ),
    { seed: 1, numRuns: 300 },
  );
});
