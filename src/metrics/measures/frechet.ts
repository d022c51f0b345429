/**
 * Fréchet distance between Gaussians with the moments of two sets of points (covariances with 1 / (n - 1)):
 *
 *     |m1 - m2|^2 + tr S1 + tr S2 - 2 tr (S1 S2)^(1/2)
 *
 * The last trace is the sum of the square roots of the eigenvalues of S1^(1/2) S2 S1^(1/2), which, unlike S1 S2, is
 * symmetric. Source: Dowson & Landau 1982; for image features: Heusel et al. 2017, eq. 6.
 */
import { Matrix } from "ml-matrix";
import type { Points } from "../../numerics/points.js";
import { momentsOf } from "../../numerics/principal-components.js";
import { symmetricEigen } from "../../numerics/symmetric-eigen.js";

/** Rounding can make eigenvalues of a covariance slightly negative. */
const root = (eigenvalue: number): number => Math.sqrt(Math.max(0, eigenvalue));

const squareRoot = (covariance: Matrix): Matrix => {
  const { values, vectors } = symmetricEigen(covariance);
  const V = new Matrix(vectors); // eigenvectors in rows
  const scaled = new Matrix(vectors.map((vector, i) => vector.map((entry) => root(values[i]!) * entry)));
  return V.transpose().mmul(scaled);
};

const momentsUnbiased = ({ values, n, width }: Points) => {
  const { mean, covariance } = momentsOf(values, width);
  return { mean, covariance: Matrix.mul(covariance, n / (n - 1)) };
};

/** Requires at least two rows on each side. */
export const frechetDistance = (a: Points, b: Points): number => {
  const [x, y] = [momentsUnbiased(a), momentsUnbiased(b)];
  const between = x.mean.reduce((sum, value, j) => sum + (value - y.mean[j]!) ** 2, 0);
  const half = squareRoot(x.covariance);
  const product = half.mmul(y.covariance).mmul(half);
  const symmetric = Matrix.add(product, product.transpose()).mul(0.5);
  const shared = symmetricEigen(symmetric).values.reduce((sum, value) => sum + root(value), 0);
  return between + x.covariance.trace() + y.covariance.trace() - 2 * shared;
};
