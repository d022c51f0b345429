/** Priors that begin from encoded training examples: by the weights that the model begins with, a warm start included. */
import { beforeAll, describe, expect, test } from "vitest";
import { builtins } from "../../../src/builtins.js";
import type { Engine } from "../../../src/engine/engine.js";
import { createCatalogue } from "../../../src/registry/components/catalogue.js";
import { loadExperimentValue } from "../../../src/registry/experiment.js";
import type { ExperimentSpec } from "../../../src/spec/experiment-schema.js";
import { readCheckpoint } from "../../../src/storage/checkpoint.js";
import { type SetUp, setUp } from "../../../src/testing/experiment.js";
import { computed } from "../../contracts/support/programs.js";
import { calling } from "../../support/calls.js";
import { useEngine } from "../../support/engine.js";
import { runIn } from "../support/runs.js";

const spec = (more: Partial<ExperimentSpec> = {}, prior: object = { initialize: "data" }): ExperimentSpec => ({
  name: "begun",
  data: { type: "gaussian", train: 60, validation: 20, test: 20 },
  model: {
    latent: 2,
    encoder: { type: "mlp", hidden: [6] },
    prior: { type: "gaussian-mixture", components: 4, ...prior },
    likelihood: "gaussian",
  },
  training: { epochs: 1, batchSize: 20 },
  evaluation: { metrics: [{ type: "elbo", samples: 1 }], refit: { epochs: 0 } },
  ...more,
});
const begin = async (value: ExperimentSpec): Promise<SetUp> =>
  setUp(await loadExperimentValue(value, { catalogue: createCatalogue(builtins) }));

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

/** Means and variances of q for all training examples, by the first weights. */
const encoded = ({ dataset, assembled: { model, store, initialValues } }: SetUp) => {
  const split = dataset.split("train", "evaluation");
  const rows = Int32Array.from({ length: split.size }, (_, i) => i);
  const { modeled, fields } = dataset;
  const x = { shape: [split.size, ...fields[modeled]!.shape], data: split.read(rows)[modeled]! };
  const index = { shape: [split.size], data: rows };
  const { mean, variance } = computed(
    engine,
    store,
    initialValues,
    { fields: { [modeled]: x }, index },
    (inputs, noise) => {
      const { q } = model.infer(inputs, { ...calling(noise), samples: 1 }).sites.z!;
      return { mean: q.mean!(), variance: q.variance!() };
    },
  );
  const pairs = (data: ArrayLike<number>): number[][] => rowsOf(data, 2);
  return { means: pairs(mean!.data), variances: pairs(variance!.data) };
};
const rowsOf = (data: ArrayLike<number>, width: number): number[][] =>
  Array.from({ length: data.length / width }, (_, i) => Array.from({ length: width }, (__, j) => data[i * width + j]!));

const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const assertBegun = (made: SetUp): void => {
  const { means, variances } = encoded(made);
  const { "prior/means": begun, "prior/log-variances": logVariances } = made.assembled.initialValues;
  const chosen = rowsOf(begun!.data, 2).map((row) =>
    means.findIndex((mean) => mean.every((value, j) => Math.abs(value - row[j]!) < 1e-5)),
  );
  expect(new Set(chosen).size).toBe(4);
  expect(chosen).not.toContain(-1);
  const expected = [0, 1].map((j) => {
    const own = chosen.map((i) => means[i]![j]!);
    const center = average(own);
    return Math.log(average(own.map((value) => (value - center) ** 2)) + average(chosen.map((i) => variances[i]![j]!)));
  });
  for (const row of rowsOf(logVariances!.data, 2))
    for (const [j, value] of row.entries()) expect(value).toBeCloseTo(expected[j]!, 4);
};

describe("a mixture that is initialized from data", () => {
  test("begins at posterior means of as many training examples, and changes no other weight", async () => {
    const made = await begin(spec());
    assertBegun(made);
    const { initialValues } = (await begin(spec({}, {}))).assembled;
    for (const [name, { data }] of Object.entries(made.assembled.initialValues))
      if (name === "prior/means" || name === "prior/log-variances") expect(data).not.toEqual(initialValues[name]!.data);
      else expect([name, data]).toEqual([name, initialValues[name]!.data]);
  });

  test("encodes by the weights of a warm start, and keeps those that it gives to the prior", async () => {
    const first = await runIn(spec());
    const trained = readCheckpoint(first, "best", (message) => {
      throw new Error(message);
    }).model;
    const made = await begin(spec({ seed: 5, warmStart: { run: first } }));
    expect(made.assembled.initialValues["encoder/dense-0/weights"]!.data).toEqual(
      trained["encoder/dense-0/weights"]!.data,
    );
    assertBegun(made);
    const kept = await begin(
      spec({ seed: 5, warmStart: { run: first, parameters: ["encoder/", "posterior/", "prior/"] } }),
    );
    for (const name of ["prior/means", "prior/log-variances"])
      expect(kept.assembled.initialValues[name]!.data).toEqual(trained[name]!.data);
  });
});
