/** A recorded step says the same with less: which ops are gone, and that every rule keeps the values. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../../../src/engine/engine.js";
import type { Bindings } from "../../../../src/tensor/parameters.js";
import { type Tensor, tf } from "../../../../src/tensor/tensor.js";
import { useEngine } from "../../../support/engine.js";
import { shortened, tensor } from "../shortened.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const X = tensor([2, 3], [-1.5, 0, 2, 3.25, -0.125, 40]);
const both = (compute: (x: Tensor) => Bindings) => shortened(engine, { x: X }, ({ x }) => compute(x!));

const gradient = (f: (x: Tensor) => Tensor) => (x: Tensor) => ({ y: tf.grad(f)(x) });

describe("exactly the same values", () => {
  test.each<[string, (x: Tensor) => Bindings, string[]]>([
    ["casts and reshapes to what it is", (x) => ({ y: tf.cast(tf.reshape(x, [2, 3]), "float32") }), []],
    ["reshapes of reshapes", (x) => ({ y: tf.reshape(tf.reshape(x, [3, 2]), [6]) }), ["Reshape"]],
    ["reshapes there and back", (x) => ({ y: tf.reshape(tf.reshape(x, [3, 2]), [2, 3]) }), []],
    ["products with ones of its shape", (x) => ({ y: tf.mul(x, tf.ones([2, 3])) }), []],
    ["products with ones that spread it", (x) => ({ y: tf.mul(tf.sum(x, 1, true), tf.ones([2, 3])) }), ["Sum", "Mul"]],
    [
      "what is spread and then multiplied",
      (x) => ({ y: tf.mul(tf.neg(tf.mul(tf.sum(x, 1, true), tf.ones([2, 3]))), x) }),
      ["Sum", "Neg", "Mul"],
    ],
    ["the gradient of a rectifier", gradient((x) => tf.mul(tf.relu(x), x)), ["Relu", "ReluGrad", "Add"]],
    [
      "the gradient of a sum of squares of a rectifier",
      gradient((x) => tf.sum(tf.square(tf.relu(x)))),
      ["Relu", "Reshape", "Mul", "Mul", "ReluGrad"],
    ],
  ])("%s", (_, compute, ops) => {
    const result = both(compute);
    expect(result.ops).toEqual(ops);
    expect(result.captured).toEqual(result.eager);
    expect(result.captured.y!.data.every(Number.isFinite)).toBe(true);
  });
});

describe("to within rounding", () => {
  test("squared norms, and sums of them", () => {
    const { ops, captured } = both((x) => ({
      y: tf.addN([tf.sum(tf.square(x)), tf.sum(tf.square(tf.mul(x, 2)))]),
    }));
    expect(ops).toEqual(["Mul", "VaelabSquaredNorm"]);
    const expected = 5 * Array.from(X.data).reduce((sum, value) => sum + value * value, 0);
    expect(Math.abs(captured.y!.data[0]! / expected - 1)).toBeLessThan(1e-6);
  });

  test("a sum of squares over one axis stays what it is", () => {
    const { ops, captured, eager } = both((x) => ({ y: tf.sum(tf.square(x), 1) }));
    expect(ops).toEqual(["Square", "Sum"]);
    expect(captured).toEqual(eager);
  });
});
