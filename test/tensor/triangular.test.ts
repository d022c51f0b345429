import { beforeAll, describe, expect, it } from "vitest";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import {
  applyMatrix,
  cholesky,
  diagonalMatrix,
  strictlyLower,
  triangularInverse,
} from "../../src/tensor/triangular.js";
import { useEngine } from "../support/engine.js";
import { expectClose, expectGradient, tensorOf, valuesOf } from "../support/tensors.js";

beforeAll(async () => {
  await useEngine();
});

describe("a strictly lower triangle", () => {
  it.each([2, 3, 4, 7])("of an n x n matrix, n = %i, holds each of its values once, and 0 elsewhere", (n) => {
    const count = (n * (n - 1)) / 2;
    const values = tf.range(1, 2 * count + 1);
    const matrices = strictlyLower(tf.reshape(values, [2, count]), n);
    expect(matrices.shape).toEqual([2, n, n]);
    const rows = matrices.arraySync() as number[][][];
    for (const [m, matrix] of rows.entries()) {
      const below = matrix.flatMap((row, i) => row.slice(0, i));
      expect(below.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, k) => m * count + k + 1));
      expect(matrix.flatMap((row, i) => row.slice(i)).every((value) => value === 0)).toBe(true);
    }
  });
});

describe("the inverse of a triangular matrix", () => {
  const matrixOf = (n: number): { below: Tensor; reciprocals: Tensor; matrix: Tensor } => {
    const values = tf.sin(tf.mul(tf.range(1, 3 * ((n * (n - 1)) / 2) + 1), 1.7));
    const below = strictlyLower(tf.reshape(values, [3, -1]), n);
    const reciprocals = tf.add(1.2, tf.cos(tf.reshape(tf.range(0, 3 * n), [3, n])));
    return { below, reciprocals, matrix: tf.add(below, diagonalMatrix(tf.reciprocal(reciprocals))) };
  };

  it.each([2, 3, 5, 8, 13])("times the matrix is the identity, n = %i", (n) => {
    const { below, reciprocals, matrix } = matrixOf(n);
    const product = tf.matMul(triangularInverse(below, reciprocals), matrix);
    const scale = Math.max(...valuesOf(tf.abs(triangularInverse(below, reciprocals))));
    const error = tf.max(tf.abs(tf.sub(product, tf.eye(n))));
    expect(valuesOf(error)[0]).toBeLessThan(1e-6 * Math.max(scale, 1));
  });

  it("of ones is known, and nothing cancels: substitution is as exact", () => {
    const n = 32;
    const below = strictlyLower(tf.ones([(n * (n - 1)) / 2]), n);
    const rows = triangularInverse(below, tf.ones([n])).arraySync() as number[][];
    // [1 0; 1 1]^-1 for any n: 1 on the diagonal, -1 right below it.
    expect(rows).toEqual(rows.map((_, i) => rows.map((_, j) => (j === i ? 1 : j === i - 1 ? -1 : 0))));
  });

  it("has gradients that differences confirm", () => {
    const { below, reciprocals } = matrixOf(3);
    const first = (x: Tensor): Tensor => tf.slice(x, 0, 1);
    const of = (b: Tensor, r: Tensor): Tensor => tf.mean(tf.sin(triangularInverse(b, r)));
    expectGradient((x) => of(tf.mul(x, strictlyLower(tf.ones([1, 3]), 3)), first(reciprocals)), first(below));
    expectGradient((x) => of(first(below), x), first(reciprocals));
  });
});

describe("the Cholesky factor", () => {
  const factorOf = (n: number): Tensor => {
    const below = strictlyLower(tf.sin(tf.mul(tf.range(1, (n * (n - 1)) / 2 + 1), 1.7)), n);
    return tf.add(below, diagonalMatrix(tf.add(1.5, tf.cos(tf.range(0, n)))));
  };
  it.each([2, 3, 7])("of L L' is L, n = %i", (n) => {
    const factors = tf.stack([factorOf(n), tf.mul(factorOf(n), 2)]);
    const found = cholesky(tf.matMul(factors, factors, false, true));
    expectClose(found, factors.arraySync() as number[][][], 1e-5);
  });

  it("of one number is its root, and its gradients are those of differences", () => {
    expectClose(cholesky(tensorOf([[[9]], [[4]]])), [[[3]], [[2]]], 1e-6);
    const symmetric = (x: Tensor): Tensor => tf.add(tf.matMul(x, x, false, true), tf.eye(3));
    expectGradient((x) => tf.mean(tf.sin(cholesky(symmetric(x)))), tf.reshape(factorOf(3), [1, 3, 3]));
  });
});

describe("a matrix applied to vectors", () => {
  it("broadcasts one matrix over vectors, and vectors over matrices", () => {
    const matrix = tensorOf([
      [1, 2],
      [3, 4],
    ]);
    expectClose(applyMatrix(matrix, tensorOf([5, 6])), [17, 39]);
    expectClose(applyMatrix(matrix, tensorOf([[[5, 6]], [[1, 0]]])), [[[17, 39]], [[1, 3]]]);
    const both = tf.stack([matrix, tf.eye(2)]);
    expectClose(applyMatrix(both, tensorOf([5, 6])), [
      [17, 39],
      [5, 6],
    ]);
    expect(applyMatrix(both, tf.zeros([4, 3, 2, 2])).shape).toEqual([4, 3, 2, 2]);
  });
});
