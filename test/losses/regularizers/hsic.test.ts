/** The criterion against NumPy's, and what is read of codes and fields. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Model } from "../../../src/contracts/model.js";
import type { Engine } from "../../../src/engine/engine.js";
import { VaelabError } from "../../../src/errors.js";
import { hsic, independenceCriterion } from "../../../src/losses/regularizers/hsic.js";
import { tf } from "../../../src/tensor/tensor.js";
import { loadWritten } from "../../../src/testing/experiment.js";
import oracle from "../../fixtures/regularizers.json" with { type: "json" };
import { useEngine } from "../../support/engine.js";
import { figuresAt, penaltyAt, regularizerOf, stepOn } from "../../support/penalty.js";
import { expectGradient, tensorOf, valuesOf } from "../../support/tensors.js";
import { unitGaussianModel } from "../../support/unit-gaussian-model.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const { x, kernels, pair, triple } = oracle.independence;
const criterion = (count: number): number =>
  valuesOf(independenceCriterion(kernels.slice(0, count).map((kernel) => tensorOf(kernel))))[0]!;

test("of two kernels it is tr(K H L H) / n^2, of three the sums over tuples", () => {
  expect(criterion(2)).toBeCloseTo(pair, 6);
  expect(criterion(3)).toBeCloseTo(triple, 6);
});

describe("of a point mass at x", () => {
  const model = unitGaussianModel({ slope: [1, 1, 1], variance: null });
  test("without a field, it is of the dimensions", () => {
    expect(figuresAt(engine, hsic, {}, { model, x: tensorOf(x) }).value).toBeCloseTo(triple, 5);
  });
  test("its gradient is that of its differences", () => {
    expectGradient((at) => tf.mul(100, penaltyAt(engine, hsic, {}, { model, x: at }).value), tensorOf(x));
  });
});

test("with a field, the codes are one variable and categories another", () => {
  const categories = [0, 1, 1, 0, 1];
  const model: Model = {
    ...unitGaussianModel({ slope: [1, 1, 1], variance: null }),
    fields: {
      x: { kind: "vector", shape: [3], support: "real" },
      y: { kind: "label", shape: [], support: "categorical", classes: 2 },
    },
  };
  const found = tf.tidy(() => {
    const step = stepOn(engine, { model, x: tensorOf(x) });
    const batch = { ...step.batch, fields: { ...step.batch.fields, y: tf.tensor1d(categories) } };
    return valuesOf(regularizerOf(hsic, { field: "y" }, model).penalty({ ...step, batch }) as never)[0];
  });
  const squared = (a: number[], b: number[]): number => a.reduce((sum, value, k) => sum + (value - b[k]!) ** 2, 0);
  const codes = x.map((a) => x.map((b) => Math.exp(-squared(a, b) / 6)));
  // One-hot rows differ by 2 in 12 of 25 pairs.
  const labels = categories.map((a) => categories.map((b) => Math.exp((a === b ? 0 : -2) / (24 / 25))));
  const average = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const rows = [codes, labels].map((kernel) => kernel.map(average));
  const expected =
    average(codes.flatMap((row, i) => row.map((value, j) => value * labels[i]![j]!))) +
    average(rows[0]!) * average(rows[1]!) -
    2 * average(rows[0]!.map((value, i) => value * rows[1]![i]!));
  expect(found).toBeCloseTo(expected, 5);
});

test("is 0 where the field is the same everywhere, and for a block of one in validation", () => {
  const model = unitGaussianModel({ slope: [1], variance: null });
  const same = regularizerOf(hsic, { field: "x" }, model);
  const at = { model, x: tensorOf([[1], [1], [1]]) };
  expect(Math.abs(valuesOf(same.penalty(stepOn(engine, at)) as never)[0]!)).toBeLessThan(1e-6);
  expect(figuresAt(engine, hsic, {}, { model, x: tensorOf([[1]]), training: false }).value).toBe(0);
});

test("a field that the data lack is refused", async () => {
  const load = (field: string) => loadWritten({ regularizers: [{ type: "hsic", field }] });
  await load("label");
  const refusal = await load("lable").catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(VaelabError);
  expect((refusal as VaelabError).problems).toMatchObject([
    { where: expect.stringContaining("/regularizers/0/field"), message: 'the data have no field "lable"' },
  ]);
});
