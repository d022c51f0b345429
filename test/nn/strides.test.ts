/** Strides by axis: values against sums written here, the transpose by its adjoint, and gradients by both. */
import { beforeAll, describe, expect, test } from "vitest";
import { conv2d, conv2dTranspose, extentsAlong, strided } from "../../src/nn/convolution.js";
import { ParameterStore } from "../../src/tensor/parameters.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import { useEngine } from "../support/engine.js";

beforeAll(async () => {
  await useEngine();
});

const wave = (count: number, pace: number): number[] => Array.from({ length: count }, (_, i) => Math.sin(pace * i + 1));
const HEIGHT = 7;
const WIDTH = 5;
const KERNEL = 3;

/** A convolution with one channel in and out, "same" padding as TensorFlow has it: the odd zero comes after. */
const convolved = (
  x: readonly number[],
  weights: readonly number[],
  [down, right]: readonly [number, number],
): number[] => {
  const [rows, columns] = [Math.ceil(HEIGHT / down), Math.ceil(WIDTH / right)];
  const before = (length: number, step: number, count: number): number =>
    Math.floor(Math.max((count - 1) * step + KERNEL - length, 0) / 2);
  const [above, left] = [before(HEIGHT, down, rows), before(WIDTH, right, columns)];
  const values: number[] = [];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let i = 0; i < KERNEL; i++)
        for (let j = 0; j < KERNEL; j++) {
          const [y, z] = [row * down + i - above, column * right + j - left];
          if (y >= 0 && y < HEIGHT && z >= 0 && z < WIDTH) sum += x[y * WIDTH + z]! * weights[i * KERNEL + j]!;
        }
      values.push(sum);
    }
  return values;
};

const STRIDES = [
  [2, 1],
  [1, 2],
  [3, 2],
] as const;
const values = (tensor: Tensor): number[] => Array.from(tensor.dataSync());
const inner = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const maps = (numbers: readonly number[], rows: number, columns: number): Tensor =>
  tf.tensor4d([...numbers], [1, rows, columns, 1]);

describe.each(STRIDES)("a stride of [%i, %i] over 7 x 5", (...stride) => {
  const [rows, columns] = strided([HEIGHT, WIDTH], stride);
  const x = wave(HEIGHT * WIDTH, 0.7);
  const y = wave(rows * columns, 1.3);
  const weights = wave(KERNEL * KERNEL, 0.4);
  const sizes = { inputs: 1, outputs: 1, kernel: KERNEL, stride, bias: false };
  const store = new ParameterStore();
  const down = conv2d(store.scope("down"), sizes);
  const up = conv2dTranspose(store.scope("up"), [HEIGHT, WIDTH], sizes);
  const apply = (layer: (x: Tensor) => Tensor, input: Tensor, kernel: readonly number[]): Tensor => {
    const window = tf.tensor4d([...kernel], [KERNEL, KERNEL, 1, 1]);
    return store.bind({ "down/weights": window, "up/weights": window }, () => layer(input));
  };
  const near = (actual: readonly number[], expected: readonly number[]): void => {
    expect(actual).toHaveLength(expected.length);
    actual.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 4);
    });
  };

  test("has the values of its sums", () => {
    const result = apply(down, maps(x, HEIGHT, WIDTH), weights);
    expect(result.shape).toEqual([1, rows, columns, 1]);
    near(values(result), convolved(x, weights, stride));
  });

  test("comes back to 7 x 5 by the transpose, the adjoint of the sums", () => {
    const result = apply(up, maps(y, rows, columns), weights);
    expect(result.shape).toEqual([1, HEIGHT, WIDTH, 1]);
    const units = x.map((_, i) => x.map((__, j) => (i === j ? 1 : 0)));
    near(
      values(result),
      units.map((unit) => inner(convolved(unit, weights, stride), y)),
    );
  });

  test("has the gradient of its sums in the weights", () => {
    const window = tf.tensor4d([...weights], [KERNEL, KERNEL, 1, 1]);
    const total = (kernel: Tensor): Tensor =>
      tf.sum(
        tf.mul(
          store.bind({ "down/weights": kernel }, () => down(maps(x, HEIGHT, WIDTH))),
          maps(y, rows, columns),
        ),
      );
    const gradient = tf.grad((kernel) => total(kernel) as never)(window);
    const units = weights.map((_, i) => weights.map((__, j) => (i === j ? 1 : 0)));
    near(
      values(gradient),
      units.map((unit) => inner(convolved(x, unit, stride), y)),
    );
  });
});

test("extents along strides by axis, and which strides an image has no room for", () => {
  expect(strided([7, 5], [2, 1])).toEqual([4, 5]);
  expect(extentsAlong([28, 4], [[2, 1], 2, [2, 1]])).toEqual([
    [28, 4],
    [14, 4],
    [7, 2],
    [4, 2],
  ]);
  expect(extentsAlong([28, 1], [[2, 1]])).toHaveLength(2);
  expect(extentsAlong([28, 1], [2])).toBeUndefined();
});
