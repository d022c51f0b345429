import { beforeAll, describe, expect, it } from "vitest";
import type { Transform } from "../../../src/contracts/bijection.js";
import { planar } from "../../../src/distributions/bijections/index.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { tf } from "../../../src/tensor/tensor.js";
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { tensorOf, valuesOf } from "../../support/tensors.js";

beforeAll(async () => {
  await useEngine();
});

const OFFSET = 0.5;
const flow = (w: readonly number[], u: readonly number[]): Transform => {
  const store = new ParameterStore();
  const made = build(planar, {}, { shape: [w.length], parameters: store.scope("f") });
  const bindings = { "f/w/bias": tensorOf(w), "f/u/bias": tensorOf(u), "f/b/bias": tensorOf([OFFSET]) };
  return store.bind(bindings, () => made.at({ call: calling() }));
};

describe("the planar flow", () => {
  it.each([
    [
      [1, 0.5],
      [0.8, -0.4],
    ],
    // w·u = -1.5: without the correction it would fold the plane.
    [
      [1, -0.5],
      [-1.5, 0],
    ],
  ])("turns a standard Gaussian into a density that integrates to 1, for w = %s and u = %s", (w, u) => {
    const { forward } = flow(w, u);
    // f(0) = û tanh(b).
    const bounded = valuesOf(forward(tf.zeros([1, 2])).value).map((value) => value / Math.tanh(OFFSET));
    const along = w[0]! * bounded[0]! + w[1]! * bounded[1]!;
    expect(along).toBeGreaterThan(-1);
    /** a = w·z solves a + w·û tanh(a + b) = w·y; the left side increases. */
    const inverted = (y: readonly number[]): number[] => {
      const target = w[0]! * y[0]! + w[1]! * y[1]!;
      let [low, high] = [target - Math.abs(along) - 1, target + Math.abs(along) + 1];
      for (let i = 0; i < 50; i++) {
        const middle = (low + high) / 2;
        if (middle + along * Math.tanh(middle + OFFSET) < target) low = middle;
        else high = middle;
      }
      return y.map((value, j) => value - bounded[j]! * Math.tanh(low + OFFSET));
    };
    const step = 0.05;
    const points = Array.from({ length: 321 }, (_, i) => (i - 160) * step);
    const z = points.flatMap((x) => points.map((y) => inverted([x, y])));
    const logDet = valuesOf(forward(tensorOf(z)).logDet);
    const mass = z.reduce(
      (sum, [x, y], i) => sum + Math.exp(-(x! * x! + y! * y!) / 2 - Math.log(2 * Math.PI) - logDet[i]!) * step * step,
      0,
    );
    expect(Math.abs(mass - 1)).toBeLessThan(1e-4);
  });
});
