/**
 * A Riemannian metric around K landmarks (Chadebec, Mantoux & Allassonnière 2020, equation 9):
 *
 *     G(z)^-1 = sum_k w_k(z) M_k + lambda I        w_k(z) = exp(-|z - c_k|^2 / T^2)        M_k = L_k L_k'
 *
 * With G^-1 = C C', C lower triangular, ln|G| = -2 sum_d ln C_dd, and C'^-1 gamma is a draw from N(0, G) for standard normal gamma.
 */
import { lazily } from "../numerics/lazily.js";
import { squaredDistances } from "../tensor/squared-distances.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { applyMatrix, cholesky, triangularInverse } from "../tensor/triangular.js";

export interface Landmarks {
  /** c, [K, D]. */
  centroids: Tensor;
  /** L, lower triangular, [K, D, D]. */
  factors: Tensor;
  /** T, above 0: the distance at which the weight of a landmark is 1 / e. */
  temperature: number;
  /** lambda, above 0. */
  regularization: number;
}

/** The metric at points [M, D]. Momenta are [M, D] as well. */
export interface LocalMetric {
  /** ln|G|, [M]. */
  logDeterminant(): Tensor;
  /** G^-1 rho, [M, D]. */
  velocity(rho: Tensor): Tensor;
  /** C'^-1 gamma, [M, D]. */
  momentum(gamma: Tensor): Tensor;
  /** d/dz (ln|G| / 2 + rho' G^-1 rho / 2) = sum_k w_k (tr(G M_k) - rho' M_k rho) (z - c_k) / T^2, [M, D]. */
  slope(rho: Tensor): Tensor;
}

/** Values that several calls need are computed once, when the first asks. */
export const landmarkMetric = ({ centroids, factors, temperature, regularization }: Landmarks) => {
  const [landmarks, dimensions] = centroids.shape as [number, number];
  const scale = 1 / temperature ** 2;
  const identity = tf.eye(dimensions);
  const products = tf.reshape(tf.matMul(factors, factors, false, true), [landmarks, -1]);
  return (z: Tensor): LocalMetric => {
    const weights = tf.exp(tf.mul(squaredDistances(z, centroids), -scale));
    const sum = tf.reshape(tf.matMul(weights, products), [-1, dimensions, dimensions]);
    const inverse = tf.add(sum, tf.mul(identity, regularization));
    const factor = lazily(() => cholesky(inverse));
    const diagonal = lazily(() => tf.sum(tf.mul(factor(), identity), -1));
    const factorInverse = lazily(() => triangularInverse(factor(), tf.reciprocal(diagonal())));
    const metric = lazily(() => tf.matMul(factorInverse(), factorInverse(), true, false));
    return {
      logDeterminant: () => tf.mul(tf.sum(tf.log(diagonal()), -1), -2),
      velocity: (rho) => applyMatrix(inverse, rho),
      momentum: (gamma) => tf.squeeze(tf.matMul(factorInverse(), tf.expandDims(gamma, -1), true, false), [-1]),
      slope: (rho) => {
        const outer = tf.mul(tf.expandDims(rho, 2), tf.expandDims(rho, 1));
        const difference = tf.reshape(tf.sub(metric(), outer), [-1, dimensions ** 2]);
        const pull = tf.mul(tf.mul(weights, scale), tf.matMul(difference, products, false, true));
        return tf.sub(tf.mul(tf.sum(pull, 1, true), z), tf.matMul(pull, centroids));
      },
    };
  };
};
