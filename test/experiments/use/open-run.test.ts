/**
 * A run opened in a program. Its scores and imputations are compared with quadrature over the one latent dimension, from decoded means
 * alone: p(x | z) = N(mean(z), 0.5^2 I) and p(z) = N(0, 1).
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { encodeRun } from "../../../src/experiments/index.js";
import { openRun } from "../../../src/experiments/use/open-run.js";
import type { OpenedRun } from "../../../src/experiments/use/opened-run.js";
import { decodeNpz } from "../../../src/storage/npz.js";
import { newFolder, refusalOf, runIn } from "../support/runs.js";

const on = { engine: (process.env.VAELAB_TEST_ENGINE ?? "native") as "native", threads: 1 } as const;
const SCALE = 0.5;
/** Points of a golden-ratio sequence on a noisy line: three columns that depend on each other, one of them far from unit scale. */
const golden = (i: number, k: number): number => ((i * 0.618034 + k * 0.414214) % 1) - 0.5;
const table = Array.from({ length: 400 }, (_, i) => {
  const z = 4 * golden(i, 1);
  return { a: z + golden(i * 7, 2), b: 1000 + 50 * (z ** 2 + golden(i * 11, 3)), c: -z + golden(i * 13, 4) };
});
const rounded = table.map(({ a, b, c }, i) => ({
  a: a.toFixed(5),
  b: b.toFixed(3),
  c: c.toFixed(5),
  y: ["no", "yes"][i % 2]!,
}));

let run: string;
let model: OpenedRun;
beforeAll(async () => {
  const out = newFolder();
  const write = (name: string, rows: typeof rounded): string => {
    const file = join(dirname(out), name);
    writeFileSync(file, `a,b,c,y\n${rows.map((row) => Object.values(row).join(",")).join("\n")}\n`);
    return file;
  };
  const file = write("data.csv", rounded.slice(40));
  const testFile = write("test.csv", rounded.slice(0, 40));
  run = await runIn(
    {
      name: "use",
      seed: 1,
      data: { type: "csv", file, testFile, label: "y" },
      model: { latent: 1, encoder: { type: "mlp", hidden: [16] }, likelihood: { type: "gaussian", scale: SCALE } },
      training: { epochs: 8, batchSize: 32, optimizer: { type: "adam", learningRate: 0.01 } },
      evaluation: { metrics: ["elbo"], refit: { epochs: 0 } },
    },
    {},
    out,
  );
  const { file: codes } = await encodeRun({ run, split: "test", ...on });
  const { mean } = decodeNpz(readFileSync(codes), codes);
  means = mean && "data" in mean ? Array.from(mean.data, Number) : [];
  // What follows needs no data.
  rmSync(file);
  model = await openRun(run, on);
});
/** Of the test split, as `vaelab encode` wrote them. */
let means: number[];

const log = (values: readonly number[]): number => {
  const largest = Math.max(...values);
  return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
};

/** ln p(x_observed) and E[x | x_observed] by the trapezoidal rule. */
const byQuadrature = async (x: readonly number[]) => {
  const grid = Array.from({ length: 1201 }, (_, i) => -6 + i / 100);
  const { data } = (await model.decode(grid.map((z) => [z]))).x!;
  const logs = grid.map((z, i) => {
    const prior = -0.5 * z * z - 0.5 * Math.log(2 * Math.PI);
    return x.reduce(
      (sum, value, d) =>
        Number.isNaN(value)
          ? sum
          : sum - 0.5 * ((value - data[3 * i + d]!) / SCALE) ** 2 - Math.log(SCALE) - 0.5 * Math.log(2 * Math.PI),
      prior,
    );
  });
  const total = log(logs);
  const mean = [0, 1, 2].map((d) => logs.reduce((sum, l, i) => sum + Math.exp(l - total) * data[3 * i + d]!, 0));
  return { logProb: total + Math.log(0.01), mean };
};

const EXAMPLES = [
  [0.3, -0.4, 0.1],
  [1.2, 0.9, -1.1],
  [-1.5, 1.4, 1.3],
];

describe("codes", () => {
  test("of rows of the table are those of the same rows in the split", async () => {
    const codes = await model.encode(rounded.slice(0, 40));
    expect(codes.mean!.shape).toEqual([40, 1]);
    expect(Array.from(codes.mean!.data)).toEqual(means);
  });
  test("do not depend on how many examples come along", async () => {
    const many = await model.encode(Array.from({ length: 250 }, (_, i) => EXAMPLES[i % 3]!));
    const few = await model.encode(EXAMPLES);
    expect(Array.from(few.mean!.data)).toEqual(Array.from(many.mean!.data.slice(0, 3)));
    expect(Array.from(many.mean!.data.slice(240, 243))).toEqual(Array.from(many.mean!.data.slice(0, 3)));
  });
});

test("scores are the likelihood by quadrature, and the ELBO is below it", async () => {
  const { nll, elbo, rate, distortion } = await model.score(EXAMPLES, { samples: 4000 });
  for (const [i, x] of EXAMPLES.entries()) {
    const { logProb } = await byQuadrature(x);
    expect(-nll![i]!).toBeCloseTo(logProb, 1);
    expect(elbo![i]!).toBeLessThan(logProb + 0.02);
    expect(elbo![i]!).toBeCloseTo(-(rate![i]! + distortion[i]!), 4);
  }
});

test("a missing value is filled in by its expectation given the others", async () => {
  const holes = [
    [0.3, Number.NaN, 0.1],
    [Number.NaN, 0.9, -1.1],
    [0.8, 0.2, Number.NaN],
  ];
  const [{ x } = {}] = await model.impute(holes, { samples: 4000 });
  for (const [i, given] of holes.entries()) {
    const { mean } = await byQuadrature(given);
    for (const [d, value] of given.entries())
      if (Number.isNaN(value)) expect(x!.data[3 * i + d]!).toBeCloseTo(mean[d]!, 1);
      else expect(x!.data[3 * i + d]).toBe(Math.fround(value));
  }
  const draws = await model.impute(holes.slice(0, 1), { samples: 100, draws: 300 });
  const drawn = draws.map(({ x }) => x!.data[1]!);
  const { mean } = await byQuadrature(holes[0]!);
  const average = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
  const spread = Math.sqrt(drawn.reduce((sum, value) => sum + (value - average) ** 2, 0) / drawn.length);
  expect(spread).toBeGreaterThan(SCALE * 0.85);
  expect(Math.abs(average - mean[1]!)).toBeLessThan(4 * (spread / Math.sqrt(drawn.length)) + 0.1);
});

test("samples come back as rows in the columns and units of the table; one seed gives one result", async () => {
  const samples = await model.sample(120, { seed: 3 });
  const rows = model.rows(samples);
  expect(Object.keys(rows[0]!)).toEqual(["a", "b", "c"]);
  const average = rows.reduce((sum, { b }) => sum + Number(b), 0) / rows.length;
  const { preparation } = (
    JSON.parse(readFileSync(join(run, "provenance.json"), "utf8")) as {
      data: { preparation: { columns: Record<string, { mean: number; deviation: number }> } };
    }
  ).data;
  const { mean, deviation } = preparation.columns.b!;
  expect(Math.abs(average - mean)).toBeLessThan(deviation);
  expect(Array.from((await model.sample(120, { seed: 3 })).x!.data)).toEqual(Array.from(samples.x!.data));
  expect(Array.from((await model.sample(20, { seed: 3 })).x!.data)).toEqual(Array.from(samples.x!.data.slice(0, 60)));
});

test("interpolation ends at the reconstructions", async () => {
  const path = (await model.interpolate(EXAMPLES.slice(0, 1), EXAMPLES.slice(1, 2), { steps: 5 })).x!;
  const ends = (await model.reconstruct(EXAMPLES)).x!;
  expect(path.shape).toEqual([1, 5, 3]);
  expect(Array.from(path.data.slice(0, 3))).toEqual(Array.from(ends.data.slice(0, 3)));
  expect(Array.from(path.data.slice(12))).toEqual(Array.from(ends.data.slice(3, 6)));
});

test.each([
  [() => model.encode([[1, 2]]), "x[0]", "expected 3 values, but found 2"],
  [() => model.encode([1, 2, 3, 4]), "x[0]", "expected an array of 3"],
  [() => model.encode(new Float32Array(4)), "x", "no whole number of examples"],
  [() => model.encode({ shape: [1, 4], data: new Float32Array(4) }), "x", "shape [1, 4]"],
  [() => model.encode({ y: [[1, 2, 3]] }), "y", 'no field "y"'],
  [() => model.encode([[1, 2, Number.POSITIVE_INFINITY]]), "x[0]", "Infinity at element 2 is not finite"],
  [() => model.encode([{ a: 1, b: 2, d: 3 }]), "row 0", 'no column "d"'],
  [() => model.encode([{ a: 1, b: 2, c: "x" }]), "row 0", 'column "c": "x" is not a number'],
  [() => model.encode([{ a: 1, b: 2, c: [3] as never }]), "row 0", 'column "c": an array is no cell'],
  [() => model.encode([{ a: 1, b: 2, c: 3, y: {} as never }]), "row 0", 'column "y": an object is no cell'],
  [() => model.encode([]), "examples", "there are no examples"],
  [() => model.encode([{ a: 1, b: 2, c: 3, y: "maybe" }]), "row 0", "no class of the training data: no, yes"],
  [() => model.decode([[1, 2]]), "codes[0]", "expected 1 values"],
  [() => model.sample(1, { conditions: { y: ["no"] } }), "y", "not conditioned"],
  [() => model.interpolate(EXAMPLES, EXAMPLES.slice(1)), "to", "2 examples are given, but 3"],
])("a wrong input is refused with its place (%#)", async (call, where, message) => {
  const { problems } = await refusalOf(call());
  expect(problems[0]).toMatchObject({ where });
  expect(problems[0]!.message).toContain(message);
});

test("a closed run refuses calls", async () => {
  const other = await openRun(run, on);
  await other.encode(EXAMPLES);
  await other[Symbol.asyncDispose]();
  expect((await refusalOf(other.encode(EXAMPLES))).message).toContain("the run is closed");
});
