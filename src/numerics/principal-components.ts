/** Principal components: the eigenvectors of the covariance, in float64 on the host. */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";

/** Row-major [n, columns] to the mean and the covariance by 1 / n (maximum likelihood). */
export const momentsOf = (values: ArrayLike<number>, columns: number): { mean: Float64Array; covariance: Matrix } => {
  const n = values.length / columns;
  const mean = new Float64Array(columns);
  for (let i = 0; i < values.length; i++) mean[i % columns]! += values[i]! / n;
  const sums = Array.from({ length: columns }, () => new Float64Array(columns));
  const centered = new Float64Array(columns);
  for (let row = 0; row < n; row++) {
    for (let j = 0; j < columns; j++) centered[j] = values[row * columns + j]! - mean[j]!;
    for (let j = 0; j < columns; j++) {
      const sum = sums[j]!;
      const weight = centered[j]! / n;
      for (let k = 0; k <= j; k++) sum[k]! += weight * centered[k]!;
    }
  }
  const covariance = new Matrix(columns, columns);
  for (let j = 0; j < columns; j++) {
    for (let k = 0; k <= j; k++) {
      covariance.set(j, k, sums[j]![k]!);
      covariance.set(k, j, sums[j]![k]!);
    }
  }
  return { mean, covariance };
};

/** Eigenvalues of a symmetric matrix, largest first, with unit eigenvectors whose largest entry is positive. */
export const symmetricEigen = (matrix: Matrix): { values: number[]; vectors: number[][] } => {
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

export interface PrincipalComponents {
  mean: Float64Array;
  /** [count][columns], unit length, by decreasing variance. */
  components: number[][];
  /** Variance of the data along each component, by 1 / n. */
  variances: number[];
  /** Projections of the data: row-major [n, count]. */
  projection: Float32Array;
}

/**
 * @param values row-major [n, columns].
 * @param count how many to keep; at most `columns`.
 */
export const principalComponents = (values: ArrayLike<number>, columns: number, count: number): PrincipalComponents => {
  const { mean, covariance } = momentsOf(values, columns);
  const eigen = symmetricEigen(covariance);
  const components = eigen.vectors.slice(0, count);
  const projection = new Float32Array((values.length / columns) * count);
  for (let i = 0; i < projection.length; i++) {
    const start = Math.floor(i / count) * columns;
    projection[i] = components[i % count]!.reduce((sum, entry, j) => sum + entry * (values[start + j]! - mean[j]!), 0);
  }
  return { mean, components, variances: eigen.values.slice(0, count), projection };
};
