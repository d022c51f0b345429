/** The exported schema agrees with validation, is one file, and gives an editor one error at the right key. */
import { Ajv, type ErrorObject } from "ajv";
import { describe, expect, test } from "vitest";
import { createCatalogue } from "../../src/registry/components/catalogue.js";
import { exportSchemas } from "../../src/registry/schema-export.js";
import { catalogue, definitions, least } from "./support/definitions.js";
import { workspace } from "./support/workspace.js";

const exported = exportSchemas(catalogue)["experiment.schema.json"]!;
const validate = new Ajv({ allErrors: true, strict: false }).compile(exported);
const errorsOf = (spec: unknown): ErrorObject[] => (validate(spec) ? [] : (validate.errors ?? []));
/** `if` is the report of a branch, not an error of its own. */
const shown = (spec: unknown): string[] =>
  errorsOf(spec)
    .filter(({ keyword }) => keyword !== "if")
    .map(({ instancePath, keyword, params }) => `${instancePath} ${params.additionalProperty ?? keyword}`);

const valid: [string, Record<string, unknown>][] = [
  ["the least", least],
  [
    "bare names, numbers and objects",
    {
      $schema: "x",
      ...least,
      model: { latent: 2, encoder: { type: "mlp" }, prior: "gaussian-mixture" },
      objective: { type: "sum", terms: ["elbo", { type: "elbo", beta: 2 }, { type: "elbo", beta: "forever" }] },
    },
  ],
  [
    "a nested slot",
    {
      ...least,
      model: {
        ...least.model,
        prior: {
          type: "tempered",
          base: { type: "tempered", base: "gaussian" },
          temperature: { type: "linear", to: 1, steps: 2 },
        },
      },
    },
  ],
  [
    "a sweep",
    { ...least, sweep: { grid: { "objective.beta": [1, { type: "linear", to: 2, steps: 3 }] }, seeds: [1, 2] } },
  ],
];
const wrong: [string, Record<string, unknown>, string][] = [
  ["a misspelled key", { ...least, modle: 1 }, " modle"],
  ["a misspelled field", { ...least, objective: { type: "elbo", betta: 1 } }, "/objective betta"],
  [
    "a misspelled field two levels down",
    { ...least, objective: { type: "sum", terms: [{ type: "elbo", betta: 1 }] } },
    "/objective/terms/0 betta",
  ],
  ["an unknown component", { ...least, objective: { type: "elbow" } }, "/objective/type enum"],
  ["an unknown component, bare", { ...least, objective: "elbow" }, "/objective enum"],
  [
    "a bare component with a field that is required",
    { ...least, model: { ...least.model, prior: "tempered" } },
    "/model/prior enum",
  ],
  ["a missing field", { ...least, model: { ...least.model, prior: { type: "tempered" } } }, "/model/prior required"],
  ["no type", { ...least, objective: { beta: 1 } }, "/objective required"],
  ["a number where no schedule stands", { ...least, objective: 5 }, "/objective type"],
  ["text for a number", { ...least, model: { latent: "2", encoder: "mlp" } }, "/model/latent type"],
  ["nothing of what is required", { name: "x", data: "points" }, " required"],
];

describe("for whole specs", () => {
  test.each(valid)("%s is valid here and there", async (_, spec) => {
    expect(errorsOf(spec)).toEqual([]);
    await workspace({ "a.json": spec }).load("a.json");
  });
  test.each(wrong)("%s is one error here, and refused there", async (_, spec, error) => {
    expect(shown(spec)).toEqual([error]);
    expect(await workspace({ "a.json": spec }).refusal("a.json")).toHaveLength(2);
  });
});

describe("for specs that extend others", () => {
  const base = { ...least, model: { ...least.model, prior: { type: "tempered", base: "gaussian" } } };
  const over: Record<string, unknown>[] = [
    { extends: "base.json" },
    { extends: ["base.json"], model: { prior: { temperature: 2 } } },
    { extends: ["base.json"], model: { prior: { type: "tempered", temperature: 2 } } },
    { extends: ["base.json"], model: { prior: "tempered" } },
  ];
  test.each(over)("%j may leave out what comes from the base", async (spec) => {
    expect(errorsOf(spec)).toEqual([]);
    await workspace({ "base.json": base, "a.json": spec }).load("a.json");
  });
  test("what is there is checked all the same", () => {
    expect(shown({ extends: "base.json", model: { prior: { type: "tempered", tmperature: 2 } } })).toEqual([
      "/model/prior tmperature",
    ]);
    expect(shown({ extends: "base.json", evaluation: { metrics: [{ samples: 2 }] } })).toEqual([
      "/evaluation/metrics/0 required",
    ]);
    expect(shown({ extends: 5 })).toEqual(["/extends type"]);
  });
});

test("it is one draft-07 file, the same whatever the order of registration", () => {
  expect(exported.$schema).toBe("http://json-schema.org/draft-07/schema#");
  const references = [...JSON.stringify(exported).matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target!);
  const targets = Object.keys(exported.definitions as object).map((name) => `#/definitions/${name}`);
  expect(references.filter((target) => !targets.includes(target))).toEqual([]);
  expect(JSON.stringify(exported)).not.toContain('"component"');
  expect(JSON.stringify(exportSchemas(createCatalogue([...definitions].reverse())))).toBe(
    JSON.stringify(exportSchemas(catalogue)),
  );
  expect(new Ajv().validateSchema(exported)).toBe(true);
});
