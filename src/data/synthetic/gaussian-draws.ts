/**
 * Draws from N(mean, Q diag(lambda) Q'), with Q orthogonal and uniform by Haar measure: QR of normal draws, signs by R's
 * diagonal (Mezzadri 2007, section 5).
 */
import { Matrix, QrDecomposition } from "ml-matrix";
import type { SplitName } from "../../contracts/dataset.js";
import { momentsOf } from "../../numerics/principal-components.js";
import { normal, type Stream, stream } from "../../numerics/streams.js";
import { symmetricEigen } from "../../numerics/symmetric-eigen.js";
import type { Column, Sizes } from "../split.js";

const normals = (rows: number, columns: number, uniform: Stream): Matrix => {
  const draws = Matrix.zeros(rows, columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) draws.set(i, j, normal(uniform));
  return draws;
};

const randomOrthogonal = (size: number, uniform: Stream): Matrix => {
  const { orthogonalMatrix, upperTriangularMatrix } = new QrDecomposition(normals(size, size, uniform));
  const signs = upperTriangularMatrix.diagonal().map((entry) => (entry < 0 ? -1 : 1));
  return orthogonalMatrix.mulRowVector(signs);
};

/** (e - mean) S^(-1/2), of which mean and covariance are 0 and I. */
const whiten = (draws: Matrix): Matrix => {
  const { mean, covariance } = momentsOf(draws.to1DArray(), draws.columns);
  const { values, vectors } = symmetricEigen(covariance);
  const axes = new Matrix(vectors).transpose();
  const inverseRoot = axes
    .clone()
    .mulRowVector(values.map((value) => 1 / Math.sqrt(value)))
    .mmul(axes.transpose());
  return draws
    .clone()
    .subRowVector([...mean])
    .mmul(inverseRoot);
};

export interface GaussianRequest {
  /** lambda. */
  spectrum: readonly number[];
  /** Mean of every column. */
  mean: number;
  /** Whether the sample mean and covariance (1 / n) of the training split equal the requested ones. */
  exact: boolean;
  seed: number;
  sizes: Sizes;
}

export const drawGaussian = ({
  spectrum,
  mean,
  exact,
  seed,
  sizes,
}: GaussianRequest): Readonly<Record<SplitName, Column>> => {
  const width = spectrum.length;
  const rotation = randomOrthogonal(width, stream(seed, "data/gaussian/rotation"));
  const color = rotation.mulRowVector(spectrum.map(Math.sqrt)).transpose();
  // One stream per split, so that the size of one does not change another.
  const drawn = (name: SplitName): Column => {
    const draws = normals(sizes[name], width, stream(seed, `data/gaussian/${name}`));
    const x = (exact && name === "train" ? whiten(draws) : draws).mmul(color).add(mean);
    return { width, values: Float32Array.from(x.to1DArray()) };
  };
  return { train: drawn("train"), validation: drawn("validation"), test: drawn("test") };
};
