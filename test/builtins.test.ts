/** What ships, against what the registry takes for granted of it: validation skips these checks for speed. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { builtins } from "../src/builtins.js";
import { KINDS } from "../src/contracts/kinds.js";
import { validatorOf } from "../src/registry/checking/validator.js";
import { createCatalogue } from "../src/registry/components/catalogue.js";
import { schemaNode } from "../src/registry/components/schema-nodes.js";
import { loadExperiment, loadExperimentValue } from "../src/registry/experiment.js";
import { exportSchemas } from "../src/registry/schema-export.js";
import { typeOf } from "../src/spec/define.js";
import { experimentSchema } from "../src/spec/experiment-schema.js";

const catalogue = createCatalogue(builtins);
const named = builtins.map((definition) => [`${definition.kind}/${typeOf(definition)}`, definition] as const);

test("there is a component of every kind, and the experiment's schema is JSON Schema", () => {
  expect(KINDS.filter((kind) => catalogue.names(kind).length === 0)).toEqual([]);
  expect(new Ajv().validateSchema(experimentSchema)).toBe(true);
});

test.each(named)(
  "%s has a schema that is JSON Schema, compiles strictly, and fills its own defaults",
  (_, definition) => {
    expect(new Ajv().validateSchema(definition.schema as object)).toBe(true);
    const { required = [] } = schemaNode(definition.schema);
    const fields = { type: typeOf(definition) };
    const missing = validatorOf(catalogue)
      .component(definition.kind, fields.type, fields)
      .map(({ params }) => params.missingProperty as string);
    expect(missing).toEqual(required.filter((field) => field !== "type"));
  },
);

const folder = join(import.meta.dirname, "../examples");
const examples = readdirSync(folder).filter((name) => name.endsWith(".json"));
const validate = new Ajv({ strict: false }).compile(exportSchemas(catalogue)["experiment.schema.json"]!);

const SECOND_STAGES = ["digits-m1-m2.json"];

test.each(examples)(
  "examples/%s is valid, for the exported schema too, which refuses it with a key misspelled",
  async (name) => {
    const presets = join(folder, "presets");
    const loading = loadExperiment(join(folder, name), { catalogue, ...(existsSync(presets) && { presets }) });
    // The second of two stages is valid once the first has run; test/examples runs both.
    if (SECOND_STAGES.includes(name)) await expect(loading).rejects.toThrow("there is no such run");
    else await loading;
    const { model, ...spec } = JSON.parse(readFileSync(join(folder, name), "utf8")) as { model: object };
    expect(validate({ ...spec, model })).toBe(true);
    expect(validate({ ...spec, model: { ...model, laten: 2 } })).toBe(false);
  },
);

test.each([
  ["mlp", "mlp"],
  ["conv", "conv"],
])("a decoder that is not written mirrors the encoder: %s", async (encoder, decoder) => {
  const written = { name: "mirror", data: "digits", model: { latent: 2, encoder } };
  const { spec } = await loadExperimentValue(written, { catalogue });
  expect(spec.model.decoder.type).toBe(decoder);
  const told = { ...written, model: { ...written.model, decoder: "mlp" } };
  expect((await loadExperimentValue(told, { catalogue })).spec.model.decoder.type).toBe("mlp");
});

test.each([
  [
    { data: "gaussian", strides: undefined },
    'the encoder "conv" cannot take the field "x": convolutions need an image [height, width, channels] or a sequence [length, channels], not a vector of shape [8]: use an mlp',
  ],
  [
    { data: "digits", strides: [2, 2, 8] },
    'the encoder "conv" cannot take the field "image": after 2 of the strides [2, 2, 8] an image of 28 x 28 is 7 x 7, over which there is no stride of 8: use fewer layers or smaller strides',
  ],
])("convolutions refuse %j", async ({ data, strides }, message) => {
  const encoder = { type: "conv", ...(strides && { filters: [2, 2, 2], strides }) };
  const model = { latent: 2, encoder, likelihood: "gaussian" };
  const refusal = loadExperimentValue({ name: "refused", data, model }, { catalogue });
  const where = "(given spec)  /model/encoder";
  await expect(refusal).rejects.toMatchObject({ code: "SPEC_COMBINATION", problems: [{ where, message }] });
});

test.each([
  [
    { type: "columns", count: "gaussian" },
    "/model/likelihood/count",
    'the likelihood "gaussian" cannot take the columns "eggs" of the field "x": a Gaussian is not a mass over counts: use the poisson or the negative-binomial likelihood, or declare the values real',
  ],
  [
    "negative-binomial",
    "/model/likelihood",
    'the likelihood "negative-binomial" cannot take the field "x": a negative binomial needs counts, but the field has support "real": use the columns likelihood',
  ],
])("a table refuses the likelihood %j", async (likelihood, at, message) => {
  const file = join(import.meta.dirname, "fixtures/data/penguins.csv");
  const data = { type: "csv", file, label: "species", columns: { id: "ignored", eggs: "count" } };
  const written = (model: object) => ({
    name: "table",
    data,
    model: { latent: 2, encoder: "mlp", ...model },
    training: { batchSize: 16 },
  });
  const refusal = loadExperimentValue(written({ likelihood }), { catalogue });
  const where = `(given spec)  ${at}`;
  await expect(refusal).rejects.toMatchObject({ code: "SPEC_COMBINATION", problems: [{ where, message }] });
  // A slot for columns that the table lacks is not held against it.
  const fitting = { type: "columns", positive: "poisson" };
  const { spec } = await loadExperimentValue(written({ likelihood: fitting }), { catalogue });
  expect(spec.model.likelihood.type).toBe("columns");
});
