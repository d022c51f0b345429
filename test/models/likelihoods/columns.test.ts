import { beforeAll, describe, expect, it } from "vitest";
import { builtins } from "../../../src/builtins.js";
import type { ResolvedFields } from "../../../src/contracts/kinds.js";
import type { Engine } from "../../../src/engine/engine.js";
import { columns } from "../../../src/models/likelihoods/index.js";
import { createBuilder } from "../../../src/registry/components/build.js";
import { createCatalogue } from "../../../src/registry/components/catalogue.js";
import type { ColumnSchema, FieldSchema } from "../../../src/tensor/fields.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { tf } from "../../../src/tensor/tensor.js";
import { calling } from "../../support/calls.js";
import { initialBindings } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, noiseOf, tensorOf, valuesOf } from "../../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const table = (...kinds: ColumnSchema["kind"][]): FieldSchema => {
  const all = kinds.map((kind, i) => ({ name: `c${i}`, kind, width: kind === "categorical" ? 3 : 1 }));
  return { kind: "vector", shape: [all.reduce((sum, { width }) => sum + width, 0)], support: "real", columns: all };
};
const SLOTS = {
  numeric: { type: "gaussian", scale: 0.5, learn: "no", floor: 0.001 },
  positive: { type: "log-normal", scale: 0.25, learn: "no", floor: 0.001 },
  binary: { type: "bernoulli", allowGray: false },
  categorical: { type: "categorical" },
  count: { type: "poisson" },
};
const made = async (field: FieldSchema, slots: object = {}) => {
  const store = new ParameterStore();
  const builder = createBuilder(createCatalogue(builtins));
  const fields = { type: "columns", ...SLOTS, ...slots } as ResolvedFields;
  const likelihood = await builder.build("likelihood", fields, "/model/likelihood", {
    likelihood: (at) => ({ field, parameters: store.scope(at.slice("/model/".length)) }),
  });
  return {
    likelihood,
    store,
    at: (decoded: number[][]) => store.bind(initialBindings(store), () => likelihood.at(tensorOf(decoded), calling())),
  };
};

const FIELD = table("numeric", "categorical", "positive", "count", "numeric", "binary");
/** Two means, a location, a logit, three logits, ln of a mean: by kind, whatever the order of the columns. */
const DECODED = [0.3, -1, 0.5, 2, 0, 1, -1, Math.log(3)];
const ROW = [1, 0, 1, 0, 1.5, 2, -0.5, 1];
const normal = (x: number, mean: number, scale: number): number =>
  -0.5 * ((x - mean) / scale) ** 2 - Math.log(scale) - 0.5 * Math.log(2 * Math.PI);
const BY_COLUMN = [
  normal(1, 0.3, 0.5),
  1 - Math.log(1 + Math.E + 1 / Math.E),
  normal(Math.log(1.5), 0.5, 0.25) - Math.log(1.5),
  2 * Math.log(3) - 3 - Math.log(2),
  normal(-0.5, -1, 0.5),
  -Math.log(1 + Math.exp(-2)),
];
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe("the likelihood of columns", () => {
  it("adds up the log-densities of the kinds, in closed form, and keeps them apart by element", async () => {
    const { likelihood, at } = await made(FIELD);
    expect(likelihood.outputs).toEqual([8]);
    const p = at([DECODED]);
    expectClose(p.logProb(tensorOf([ROW])), [sum(BY_COLUMN)]);
    const [a, c, positive, count, b, bit] = BY_COLUMN as [number, number, number, number, number, number];
    expectClose(p.logProbElements!(tensorOf([ROW])), [[a, 0, c, 0, positive, count, b, bit]]);
  });

  it("counts nothing for a missing cell, whatever stands there", async () => {
    const p = (await made(FIELD)).at([DECODED]);
    // The category, the positive number and the count are missing, and read as the data set fills them.
    const mask = tensorOf([[1, 0, 0, 0, 0, 0, 1, 1]]);
    const filled = tensorOf([[1, 0, 0, 0, 1, 0, -0.5, 1]]);
    const known = tf.sum(tf.mul(p.logProbElements!(filled), mask));
    expectClose(known, BY_COLUMN[0]! + BY_COLUMN[4]! + BY_COLUMN[5]!);
  });

  it("draws each column by its own likelihood, in its place, with the means of all", async () => {
    const p = (await made(FIELD)).at([DECODED]);
    const mean = valuesOf(p.mean!());
    const total = 1 + Math.E + 1 / Math.E;
    expectClose(p.mean!(), [
      [
        0.3,
        1 / total,
        Math.E / total,
        1 / Math.E / total,
        Math.exp(0.5 + 0.25 ** 2 / 2),
        3,
        -1,
        1 / (1 + Math.exp(-2)),
      ],
    ]);
    const draws = p.sample(noiseOf(engine), "x", [20_000]);
    const { mean: found, variance } = tf.moments(tf.reshape(draws, [20_000, 8]), 0);
    valuesOf(found).forEach((value, i) => {
      expect(Math.abs(value - mean[i]!)).toBeLessThan(5 * Math.sqrt(valuesOf(variance)[i]! / 20_000));
    });
    const rows = tf.reshape(draws, [20_000, 8]).arraySync() as number[][];
    expect(rows.every((row) => row[1]! + row[2]! + row[3]! === 1 && row[4]! > 0 && Number.isInteger(row[5]))).toBe(
      true,
    );
  });

  it("builds the likelihoods of the kinds that there are, with parameters under their slots", async () => {
    const slots = { numeric: { ...SLOTS.numeric, learn: "element" }, positive: { ...SLOTS.positive, learn: "shared" } };
    const names = async (field: FieldSchema) =>
      (await made(field, slots)).store.parameters.map(({ name, shape }) => [name, shape]);
    expect(await names(FIELD)).toEqual([
      ["likelihood/numeric/log-scale", [2]],
      ["likelihood/positive/log-scale", []],
    ]);
    expect(await names(table("binary", "numeric"))).toEqual([["likelihood/numeric/log-scale", [1]]]);
    expect((await made(table("categorical", "categorical"))).likelihood.outputs).toEqual([6]);
  });

  it("refuses what is no table, and states what each slot models", () => {
    const image: FieldSchema = { kind: "image", shape: [8, 8, 1], support: "unit" };
    expect(columns.refuses?.({ type: "columns" }, FIELD)).toBeUndefined();
    expect(columns.refuses?.({ type: "columns" }, image)).toContain(
      "use the beta or the continuous-bernoulli likelihood",
    );
    expect(columns.slotField?.("categorical", FIELD, {})).toMatchObject({ shape: [3], support: "one-hot" });
    expect(columns.slotField?.("numeric", FIELD, {})?.columns?.map(({ name }) => name)).toEqual(["c0", "c4"]);
    expect(columns.slotField?.("count", table("numeric"), {})).toBeUndefined();
  });
});
