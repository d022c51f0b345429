import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadEngine } from "../../src/engine/load.js";
import { stopGradient, type Tensor, tf } from "../../src/tensor/tensor.js";
import { useEngine } from "../support/engine.js";

afterAll(async () => {
  await useEngine();
});

const values = (tensor: Tensor): number[] => Array.from(tensor.dataSync());

/** Small whole numbers, so that every product and sum is exact in float32 on every engine. */
const integers = (shape: number[], from: number): Tensor =>
  tf.tensor(
    Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => ((from + 7 * i) % 11) - 5),
    shape,
    "float32",
  );

describe.each(["native", "wasm", "cpu"] as const)("gradients on %s", (name) => {
  beforeAll(async () => {
    await loadEngine(name);
  });

  // d/dx of where(condition(2 x, y), x^2, 3 x) is 2 x where the condition holds, else 3.
  test.each([
    ["greater", [3, 3, 2, 4]],
    ["greaterEqual", [3, 3, 2, 4]],
    ["less", [-2, 0, 3, 3]],
    ["lessEqual", [-2, 0, 3, 3]],
    ["equal", [3, 3, 3, 3]],
    ["notEqual", [-2, 0, 2, 4]],
  ] as const)("%s under where, its operands computed from x", (comparison, expected) => {
    const gradient = tf.tidy(() => {
      const y = tf.tensor1d([1, 0.5, 1.5, 1]);
      const f = (x: Tensor) => tf.sum(tf.where(tf[comparison](tf.mul(2, x), y), tf.square(x), tf.mul(3, x)));
      return values(tf.grad(f)(tf.tensor1d([-1, 0, 1, 2])));
    });
    expect(gradient).toEqual([...expected]);
  });

  test("conditions joined by and, or, not", () => {
    const gradient = tf.tidy(() => {
      const f = (x: Tensor) => {
        const inside = tf.logicalAnd(tf.greater(x, -1), tf.logicalNot(tf.greater(x, 1)));
        return tf.sum(tf.where(tf.logicalOr(inside, tf.equal(x, 3)), tf.square(x), tf.mul(5, x)));
      };
      return values(tf.grad(f)(tf.tensor1d([-2, -0.5, 0.5, 2, 3])));
    });
    expect(gradient).toEqual([5, -1, 1, 5, 6]);
  });

  // For f = sum(w * C) with C = A B (A, B as transposed): df/dA[i,k] = sum_j w[i,j] B[k,j], df/dB[k,j] = sum_i A[i,k] w[i,j].
  test.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])("matMul, first transposed %s, second %s", (transposeA, transposeB) => {
    tf.tidy(() => {
      const [n, d, m] = [3, 4, 2];
      const a = integers(transposeA ? [d, n] : [n, d], 1);
      const b = integers(transposeB ? [m, d] : [d, m], 2);
      const w = integers([n, m], 3);
      const [gradientA, gradientB] = tf.grads((p: Tensor, q: Tensor) =>
        tf.sum(tf.mul(w, tf.matMul(p, q, transposeA, transposeB))),
      )([a, b]);
      const [A, B, W] = [values(a), values(b), values(w)];
      const expectedA = new Array<number>(n * d).fill(0);
      const expectedB = new Array<number>(d * m).fill(0);
      for (let i = 0; i < n; i++)
        for (let k = 0; k < d; k++)
          for (let j = 0; j < m; j++) {
            const atA = transposeA ? k * n + i : i * d + k;
            const atB = transposeB ? j * d + k : k * m + j;
            expectedA[atA]! += W[i * m + j]! * B[atB]!;
            expectedB[atB]! += A[atA]! * W[i * m + j]!;
          }
      expect(gradientA!.shape).toEqual(a.shape);
      expect(gradientB!.shape).toEqual(b.shape);
      expect(values(gradientA!)).toEqual(expectedA);
      expect(values(gradientB!)).toEqual(expectedB);
    });
  });

  test("matMul with broadcast batch axes is the folded one", () => {
    tf.tidy(() => {
      const [s, n, d, m] = [2, 3, 4, 5];
      const [a, b, w] = [integers([s, n, d], 1), integers([d, m], 2), integers([s, n, m], 3)];
      const folded = tf.grads((p: Tensor, q: Tensor) =>
        tf.sum(tf.mul(tf.reshape(w, [s * n, m]), tf.matMul(tf.reshape(p, [s * n, d]), q))),
      )([a, b]);
      const direct = tf.grads((p: Tensor, q: Tensor) => tf.sum(tf.mul(w, tf.matMul(p, q))))([a, b]);
      for (const i of [0, 1]) {
        expect(direct[i]!.shape).toEqual(folded[i]!.shape);
        expect(values(direct[i]!)).toEqual(values(folded[i]!));
      }
    });
  });

  // Sums of squares of whole numbers: central differences of a quadratic are exact.
  test.each([
    ["squaredDifference with a scalar", [2, 3], (x: Tensor) => tf.squaredDifference(x, tf.mean(x))],
    ["squaredDifference over rows", [2, 3], (x: Tensor) => tf.squaredDifference(x, tf.slice(x, [0, 0], [1, 3]))],
    [
      "mirrorPad, reflect",
      [2, 3],
      (x: Tensor) =>
        tf.square(
          tf.mirrorPad(
            x,
            [
              [1, 1],
              [2, 1],
            ],
            "reflect",
          ),
        ),
    ],
    [
      "mirrorPad, symmetric",
      [2, 3],
      (x: Tensor) =>
        tf.square(
          tf.mirrorPad(
            x,
            [
              [0, 2],
              [3, 1],
            ],
            "symmetric",
          ),
        ),
    ],
  ] as const)("%s", (_, shape, f) => {
    tf.tidy(() => {
      const at = values(integers([...shape], 1));
      const total = (point: number[]): number => values(tf.sum(f(tf.tensor(point, [...shape]))))[0]!;
      const gradient = values(tf.grad((x: Tensor) => tf.sum(f(tf.mul(x, 1))))(tf.tensor(at, [...shape])));
      for (const [i, found] of gradient.entries()) {
        const moved = (by: number): number => total(at.map((value, j) => (i === j ? value + by : value)));
        expect(found).toBeCloseTo((moved(1) - moved(-1)) / 2, 3);
      }
    });
  });

  test("logSigmoid, of a computed value", () => {
    tf.tidy(() => {
      const gradient = tf.grad((x: Tensor) => tf.sum(tf.logSigmoid(tf.mul(x, 2))))(tf.tensor1d([0, -50, 50]));
      expect(values(gradient)).toEqual([1, 2, expect.closeTo(0, 6)]);
    });
  });

  test("stopGradient passes the value and blocks the gradient", () => {
    tf.tidy(() => {
      const x = tf.tensor1d([1, 2, 3]);
      const { value, grad } = tf.valueAndGrad((y: Tensor) => tf.sum(tf.mul(y, stopGradient(tf.square(y)))))(x);
      expect(value.dataSync()[0]).toBe(36);
      expect(values(grad)).toEqual([1, 4, 9]);
      // The slope of sqrt at 0 is infinite: it would be NaN here, had anything passed through it.
      expect(values(tf.grad((y: Tensor) => tf.sum(tf.add(y, stopGradient(tf.sqrt(y)))))(tf.tensor1d([0, 4])))).toEqual([
        1, 1,
      ]);
    });
  });

  test("stopGradient's handle and the original are disposed apart, and nothing leaks", () => {
    const before = { ...tf.memory() };
    const x = tf.tensor1d([1, 2]);
    const handle = stopGradient(x);
    expect(tf.memory().numTensors).toBe(before.numTensors + 2);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers + 1);
    x.dispose();
    expect(values(handle)).toEqual([1, 2]);
    handle.dispose();
    expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numDataBuffers: before.numDataBuffers });
  });
});
