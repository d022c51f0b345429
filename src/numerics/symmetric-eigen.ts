/** Eigenvalues and eigenvectors of symmetric matrices, in float64 on the host. */

import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { dot } from "./points.js";
import { normal, stream } from "./streams.js";

export interface Eigen {
  /** Largest first. */
  values: number[];
  /** Unit vectors whose largest entry is positive. */
  vectors: number[][];
}

/** All eigenvalues of a symmetric matrix, with their eigenvectors; all NaN if an entry is not finite. */
export const symmetricEigen = (matrix: Matrix): Eigen => {
  if (!matrix.to1DArray().every(Number.isFinite)) {
    const undefinedOnes = (): number[] => new Array(matrix.rows).fill(Number.NaN);
    return { values: undefinedOnes(), vectors: undefinedOnes().map(undefinedOnes) };
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  const pairs = realEigenvalues
    .map((value, i) => ({ value, vector: withSign(eigenvectorMatrix.getColumn(i)) }))
    .sort((a, b) => b.value - a.value);
  return { values: pairs.map(({ value }) => value), vectors: pairs.map(({ vector }) => vector) };
};

/** The sign of an eigenvector is arbitrary; the first entry of largest magnitude fixes it. */
const withSign = (vector: number[]): number[] => {
  const largest = vector.reduce((best, entry, i) => (Math.abs(entry) > Math.abs(vector[best]!) ? i : best), 0);
  return vector[largest]! < 0 ? vector.map((entry) => -entry) : vector;
};

/** Steps of the Lanczos iteration; the first few eigenvalues need far fewer. */
const STEPS = 100;

/** What is left of v beside the basis. Twice, because the first pass leaves rounding errors. */
const orthogonalize = (v: Float64Array, basis: readonly Float64Array[]): void => {
  for (let pass = 0; pass < 2; pass++)
    for (const q of basis) {
      const overlap = dot(v, q);
      for (let j = 0; j < v.length; j++) v[j]! -= overlap * q[j]!;
    }
};

/**
 * The largest eigenvalues of a symmetric operator, by Lanczos iteration with full reorthogonalization (Golub & Van Loan 2013,
 * section 10.3) from a fixed first vector.
 * @param times v → A v
 */
export const leadingEigen = (times: (v: Float64Array) => Float64Array, size: number, count: number): Eigen => {
  const uniform = stream(0, "leading eigenvectors");
  const random = (): Float64Array => Float64Array.from({ length: size }, () => normal(uniform));
  const basis: Float64Array[] = [];
  const [diagonal, beside]: [number[], number[]] = [[], []];
  let next = random();
  while (basis.length < Math.min(STEPS, size)) {
    let norm = Math.sqrt(dot(next, next));
    if (basis.length > 0) {
      const exhausted = norm <= 1e-12 * Math.abs(diagonal[0]!);
      if (exhausted && basis.length >= count) break;
      beside.push(exhausted ? 0 : norm);
      if (exhausted) {
        next = random();
        orthogonalize(next, basis);
        norm = Math.sqrt(dot(next, next));
      }
    }
    const q = next.map((entry) => entry / norm);
    basis.push(q);
    next = times(q);
    diagonal.push(dot(next, q));
    orthogonalize(next, basis);
  }
  const tridiagonal = Matrix.diag(diagonal);
  for (const [i, entry] of beside.entries()) tridiagonal.set(i, i + 1, entry).set(i + 1, i, entry);
  const { values, vectors } = symmetricEigen(tridiagonal);
  const combined = vectors.slice(0, count).map((weights) => {
    const sum = new Float64Array(size);
    for (const [i, q] of basis.entries()) for (let j = 0; j < size; j++) sum[j]! += weights[i]! * q[j]!;
    return withSign(Array.from(sum));
  });
  return { values: values.slice(0, count), vectors: combined };
};
