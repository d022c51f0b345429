/** Principal components: the eigenvectors of the covariance, in float64 on the host. */
import { Matrix } from "ml-matrix";
import { type Eigen, leadingEigen, symmetricEigen } from "./symmetric-eigen.js";

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

export interface PrincipalComponents {
  mean: Float64Array;
  /** [count][columns], unit length, by decreasing variance. */
  components: number[][];
  /** Variance of the data along each component, by 1 / n. */
  variances: number[];
  /** Projections of the data: row-major [n, count]. */
  projection: Float32Array;
}

/** With more columns, computing every eigenvector would take minutes. */
const EXACT = 512;
/** v → covariance v of centered rows, row-major [n, columns], without the covariance. */
const covarianceTimes =
  (centered: Float64Array, columns: number) =>
  (v: Float64Array): Float64Array => {
    const product = new Float64Array(columns);
    const n = centered.length / columns;
    for (let start = 0; start < centered.length; start += columns) {
      let dot = 0;
      for (let j = 0; j < columns; j++) dot += centered[start + j]! * v[j]!;
      for (let j = 0; j < columns; j++) product[j]! += (dot / n) * centered[start + j]!;
    }
    return product;
  };

const eigenOf = (values: ArrayLike<number>, columns: number, count: number): Eigen & { mean: Float64Array } => {
  if (columns <= EXACT) {
    const { mean, covariance } = momentsOf(values, columns);
    return { mean, ...symmetricEigen(covariance) };
  }
  const n = values.length / columns;
  const mean = new Float64Array(columns);
  for (let i = 0; i < values.length; i++) mean[i % columns]! += values[i]! / n;
  const centered = Float64Array.from(values, (value, i) => value - mean[i % columns]!);
  return { mean, ...leadingEigen(covarianceTimes(centered, columns), columns, count) };
};

/**
 * @param values row-major [n, columns].
 * @param count how many to keep; at most `columns`.
 */
export const principalComponents = (values: ArrayLike<number>, columns: number, count: number): PrincipalComponents => {
  const { mean, ...eigen } = eigenOf(values, columns, count);
  const components = eigen.vectors.slice(0, count);
  const projection = new Float32Array((values.length / columns) * count);
  for (let i = 0; i < projection.length; i++) {
    const start = Math.floor(i / count) * columns;
    projection[i] = components[i % count]!.reduce((sum, entry, j) => sum + entry * (values[start + j]! - mean[j]!), 0);
  }
  return { mean, components, variances: eigen.values.slice(0, count), projection };
};
