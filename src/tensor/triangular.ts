/** Lower-triangular matrices, batched over leading axes. */
import { type Tensor, tf } from "./tensor.js";

/** Constant [n, n]: 1 where `at` holds. */
const mask = (n: number, at: (row: number, column: number) => boolean): Tensor =>
  tf.tensor2d(
    Float32Array.from({ length: n * n }, (_, i) => Number(at(Math.floor(i / n), i % n))),
    [n, n],
  );

/** [..., n] → [..., n, n]. */
export const diagonalMatrix = (diagonal: Tensor): Tensor => {
  const n = diagonal.shape.at(-1)!;
  return tf.mul(tf.expandDims(diagonal, -1), tf.eye(n));
};

/** Elements below the diagonal of an n x n matrix. */
export const belowDiagonal = (n: number): number => (n * (n - 1)) / 2;

/**
 * The matrix with these values below its diagonal and 0 elsewhere: [..., n (n - 1) / 2] → [..., n, n], n > 1. Each value has one place: the
 * values after the first n - 1, followed by all in reverse, fill a square row by row, and its lower triangle holds each once.
 */
export const strictlyLower = (values: Tensor, n: number): Tensor => {
  const leading = values.shape.slice(0, -1);
  const m = n - 1;
  const after = belowDiagonal(n) - m;
  const parts = [tf.reverse(values, values.rank - 1)];
  if (after > 0) parts.unshift(tf.slice(values, [...leading.map(() => 0), m], [...leading, after]));
  const square = tf.reshape(tf.concat(parts, -1), [...leading, m, m]);
  const lower = tf.mul(
    square,
    mask(m, (row, column) => column <= row),
  );
  return tf.pad(lower, [...leading.map((): [number, number] => [0, 0]), [1, 0], [0, 1]]);
};

/**
 * The inverse of a lower-triangular matrix, [..., n, n], from what is below its diagonal and the reciprocals of its diagonal, [..., n].
 * Blocks on the diagonal are inverted in pairs, so log2 n products do it, as stably as forward substitution:
 *
 *     [A 0; C B]^-1 = [A^-1 0; -B^-1 C A^-1  B^-1]
 */
export const triangularInverse = (below: Tensor, reciprocals: Tensor): Tensor => {
  const n = reciprocals.shape.at(-1)!;
  let inverse = diagonalMatrix(reciprocals);
  for (let size = 1; size < n; size *= 2) {
    const isCorner = (row: number, column: number): boolean =>
      Math.floor(row / (2 * size)) === Math.floor(column / (2 * size)) &&
      row % (2 * size) >= size &&
      column % (2 * size) < size;
    const corners = tf.mul(below, mask(n, isCorner));
    inverse = tf.sub(inverse, tf.matMul(tf.matMul(inverse, corners), inverse));
  }
  return inverse;
};

/** L with L L' = A for symmetric positive definite A, [..., n, n], column by column; only its lower triangle is read. */
export const cholesky = (matrix: Tensor): Tensor => {
  const n = matrix.shape.at(-1)!;
  const leading = matrix.shape.slice(0, -2);
  const from = (x: Tensor, row: number, column: number, sizes: readonly [number, number]): Tensor =>
    tf.slice(x, [...leading.map(() => 0), row, column], [...leading, ...sizes]);
  const columns: Tensor[] = [];
  let rest = matrix;
  for (let j = 0; j < n; j++) {
    const size = n - j;
    const column = tf.div(from(rest, 0, 0, [size, 1]), tf.sqrt(from(rest, 0, 0, [1, 1])));
    columns.push(tf.pad(column, [...leading.map((): [number, number] => [0, 0]), [j, 0], [0, 0]]));
    if (size === 1) break;
    const below = from(column, 1, 0, [size - 1, 1]);
    const outer = tf.mul(below, tf.reshape(below, [...leading, 1, size - 1]));
    rest = tf.sub(from(rest, 1, 1, [size - 1, size - 1]), outer);
  }
  return tf.concat(columns, -1);
};

/** M x: matrices [..., n, n] and vectors [..., n], whose leading axes broadcast. */
export const applyMatrix = (matrix: Tensor, x: Tensor): Tensor => {
  if (matrix.rank > 2) return tf.squeeze(tf.matMul(tf.expandDims(x, -2), matrix, false, true), [-2]);
  const n = x.shape.at(-1)!;
  return tf.reshape(tf.matMul(tf.reshape(x, [-1, n]), matrix, false, true), x.shape);
};
