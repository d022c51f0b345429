import { beforeAll, describe, expect, it } from "vitest";
import type { Transform } from "../../../src/contracts/bijection.js";
import { maf } from "../../../src/distributions/bijections/index.js";
import { DiagonalGaussian, Flow } from "../../../src/distributions/index.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { tf } from "../../../src/tensor/tensor.js";
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, tensorOf, valuesOf } from "../../support/tensors.js";

beforeAll(async () => {
  await useEngine();
});

/** Linear, with x_1 = 1 + 2 u_1 and x_2 = x_1 / 2 - 1 + u_2; masked weights are 7. */
const linear = (reverse: boolean): Transform => {
  const store = new ParameterStore();
  const bijection = build(maf, { hidden: [], reverse }, { shape: [2], parameters: store.scope("f") });
  const bindings = {
    "f/shift/weights": tensorOf([
      [7, 0.5],
      [7, 7],
    ]),
    "f/shift/bias": tensorOf([1, -1]),
    "f/scale/weights": tensorOf([
      [7, 0],
      [7, 7],
    ]),
    "f/scale/bias": tensorOf([Math.log(2), 0]),
  };
  return store.bind(bindings, () => bijection.at({ call: calling() }));
};

describe("the masked autoregressive flow", () => {
  it("is, if linear, the Gaussian with covariance L L'", () => {
    const p = new Flow(new DiagonalGaussian(tf.zeros([2]), tf.zeros([2])), [linear(false)]);
    // Mean (1, -1/2), covariance [[4, 2], [2, 2]]: its determinant is 4 and its inverse [[1/2, -1/2], [-1/2, 1]].
    const points = [
      [1, -0.5],
      [0, 0],
      [3, 1.5],
      [-2, 2],
    ];
    const expected = points.map(([x, y]) => {
      const [a, b] = [x! - 1, y! + 0.5];
      return -Math.log(2 * Math.PI) - Math.log(4) / 2 - (a * a) / 4 + (a * b) / 2 - (b * b) / 2;
    });
    expectClose(p.logProb(tensorOf(points)), expected);
  });

  it("draws in order, and reverses on request", () => {
    const u = tensorOf([[2, 3]]);
    expectClose(linear(false).forward(u).value, [[5, 4.5]]);
    expectClose(linear(true).forward(u).value, [[4.5, 5]]);
    expect(valuesOf(linear(true).forward(u).logDet)[0]).toBeCloseTo(Math.log(2), 6);
  });
});
