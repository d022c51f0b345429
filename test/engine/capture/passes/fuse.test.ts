/** Kernels that do the work of several ops: when they stand in their place, and that they give what is right. */
import { beforeAll, describe, expect, test } from "vitest";
import { Bernoulli } from "../../../../src/distributions/bernoulli.js";
import type { Engine } from "../../../../src/engine/engine.js";
import { type Tensor, tf } from "../../../../src/tensor/tensor.js";
import { useEngine } from "../../../support/engine.js";
import { shortened, tensor } from "../shortened.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

/** Numbers without a pattern that a kernel could follow, from -scale to scale. */
const spread = (count: number, scale: number): number[] =>
  Array.from({ length: count }, (_, i) => scale * Math.sin(1 + 12.9898 * i + (i * i) / 7));
const bits = (count: number): number[] => spread(count, 1).map((value) => (value > 0 ? 1 : 0));

/** In double precision: ln p(x) by row, and its gradient by the logits, where row r of them meets row r mod V of the values. */
const exactly = (logits: ArrayLike<number>, values: ArrayLike<number>, width: number) => {
  const rows = logits.length / width;
  const logProb = new Float64Array(rows);
  const residual = new Float64Array(logits.length);
  for (let at = 0; at < logits.length; at++) {
    const l = logits[at]!;
    const x = values[at % values.length]!;
    logProb[Math.floor(at / width)]! += l * x - Math.max(l, 0) - Math.log1p(Math.exp(-Math.abs(l)));
    residual[at] = x - 1 / (1 + Math.exp(-l));
  }
  return { logProb, residual };
};

/** The largest error, relative to what is larger than 1. A NaN is no small one. */
const worst = (given: ArrayLike<number>, exact: ArrayLike<number>): number =>
  Array.from(exact, (value, i) => Math.abs(given[i]! - value) / Math.max(1, Math.abs(value))).reduce(
    (most, each) => Math.max(most, each),
    0,
  );

const bernoulli = (name: string): boolean => name.startsWith("VaelabBernoulli");

// Of 37 values there is a rest that fills no vector; 1,200 rows of 500 are shared among threads.
describe.each([
  ["one draw", [1, 6], [37]],
  ["several draws of images", [3, 4], [5, 3, 2]],
  ["so many that threads share them", [4, 300], [500]],
])("the log-likelihood of a Bernoulli: %s", (_, [draws, size], event) => {
  const width = event.reduce((product, each) => product * each);
  const logits = tensor([draws!, size!, ...event], spread(draws! * size! * width, 9));
  const x = tensor([size!, ...event], bits(size! * width));
  const of = (l: Tensor, values: Tensor): Tensor => new Bernoulli(l, event.length).logProb(values);
  const exact = exactly(logits.data, x.data, width);

  test("is one kernel", () => {
    const { ops, captured, eager } = shortened(engine, { logits, x }, (fed) => ({ y: of(fed.logits!, fed.x!) }));
    expect(ops.filter(bernoulli)).toEqual(["VaelabBernoulli"]);
    expect(ops.some((op) => op === "Sub" || op === "VaelabSoftplus")).toBe(false);
    expect(captured.y!.shape).toEqual(eager.y!.shape);
    expect(worst(captured.y!.data, exact.logProb)).toBeLessThan(1e-6);
  });

  test("and its gradient with it, for whatever each row counts", () => {
    const weights = tensor([draws!, size!], spread(draws! * size!, 2));
    const { ops, captured } = shortened(engine, { logits, x, weights }, (fed) => {
      const { value, grad } = tf.valueAndGrad((l: Tensor) => tf.sum(tf.mul(of(l, fed.x!), fed.weights!)))(fed.logits!);
      return { value, grad };
    });
    expect(ops.filter(bernoulli)).toEqual(["VaelabBernoulliWithGradient"]);
    expect(ops).not.toContain("Sigmoid");
    const total = exact.logProb.reduce((sum, each, row) => sum + each * weights.data[row]!, 0);
    const weighed = exact.residual.map((each, at) => each * weights.data[Math.floor(at / width)]!);
    const magnitude = exact.logProb.reduce((sum, each, row) => sum + Math.abs(each * weights.data[row]!), 0);
    expect(Math.abs(captured.value!.data[0]! - total) / magnitude).toBeLessThan(1e-6);
    expect(worst(captured.grad!.data, weighed)).toBeLessThan(1e-6);
  });
});

test("infinite logits, and none, are what TensorFlow's own ops make of them", () => {
  const { POSITIVE_INFINITY: plus, NEGATIVE_INFINITY: minus, NaN: none } = Number;
  const logits = tensor([8, 1], [plus, minus, plus, minus, none, 1e30, -1e30, 0]);
  const x = tensor([8, 1], [1, 0, 0, 1, 1, 1, 0, 1]);
  const { captured, eager } = shortened(engine, { logits, x }, (fed) => ({
    y: new Bernoulli(fed.logits!).logProb(fed.x!),
  }));
  const close = (value: number, i: number): void => {
    if (Number.isFinite(value)) expect(captured.y!.data[i]).toBeCloseTo(value, 6);
    else expect(captured.y!.data[i]).toBe(value);
  };
  eager.y!.data.forEach(close);
});

describe("what only looks like it is left alone", () => {
  const logits = tensor([2, 4], spread(8, 3));
  const x = tensor([2, 4], bits(8));
  const parts = (l: Tensor, values: Tensor): Tensor => tf.sub(tf.mul(l, values), tf.softplus(l));
  test.each<[string, (l: Tensor, values: Tensor) => Tensor]>([
    ["a sum over the batch", (l, values) => tf.sum(parts(l, values), 0)],
    ["one that keeps the axis", (l, values) => tf.sum(parts(l, values), 1, true)],
    ["the softplus of something else", (l, values) => tf.sum(tf.sub(tf.mul(l, values), tf.softplus(tf.neg(l))), 1)],
    ["elements that are weighed", (l, values) => tf.sum(tf.mul(parts(l, values), values), 1)],
  ])("%s", (_, compute) => {
    const { ops, captured, eager } = shortened(engine, { logits, x }, (fed) => ({ y: compute(fed.logits!, fed.x!) }));
    expect(ops.some(bernoulli)).toBe(false);
    expect(captured.y!.shape).toEqual(eager.y!.shape);
    expect(worst(captured.y!.data, eager.y!.data)).toBeLessThan(1e-6);
  });
});

describe("a dense layer", () => {
  const x = tensor([2, 3], spread(6, 1));
  const weights = tensor([3, 4], spread(12, 2));
  const bias = tensor([4], spread(4, 3));
  const layer = (fed: Record<string, Tensor>): Tensor => tf.add(tf.matMul(fed.x!, fed.weights!), fed.bias!);
  test.each<[string, (fed: Record<string, Tensor>) => Tensor, string[]]>([
    ["with a bias", layer, ["_FusedMatMul"]],
    ["and a rectifier", (fed) => tf.relu(layer(fed)), ["_FusedMatMul"]],
    ["with another activation", (fed) => tf.tanh(layer(fed)), ["_FusedMatMul", "Tanh"]],
  ])("%s is one kernel", (_, compute, expected) => {
    const { ops, captured, eager } = shortened(engine, { x, weights, bias }, (fed) => ({ y: compute(fed) }));
    expect(ops).toEqual(expected);
    expect(worst(captured.y!.data, eager.y!.data)).toBeLessThan(1e-6);
  });

  test("a product that something else takes too is computed once", () => {
    const { ops } = shortened(engine, { x, weights, bias }, (fed) => {
      const product = tf.matMul(fed.x!, fed.weights!);
      return { y: tf.add(product, fed.bias!), product: tf.mul(product, 2) };
    });
    expect(ops.filter((op) => op.endsWith("MatMul"))).toEqual(["MatMul"]);
  });
});
