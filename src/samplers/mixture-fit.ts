/**
 * Expectation-maximization for a mixture of Gaussians, in float64 on the host. Covariances are stored as lower triangular
 * factors, S = L L', so densities and draws need no inverse:
 *
 *     ln r_ic = ln w_c + ln N(x_i; m_c, S_c) - ln p(x_i)          expectation
 *     N_c = sum_i r_ic   w_c = N_c / n   m_c = sum_i r_ic x_i / N_c   S_c = sum_i r_ic (x_i - m_c)(x_i - m_c)' / N_c + floor I
 *
 * Source: Dempster, Laird & Rubin 1977; Bishop 2006, eq. 9.23-9.26. The floor and the stopping rule are scikit-learn's.
 */
import type { Points } from "../numerics/points.js";
import { logDensity, type Mixture, triangularFactor } from "./mixture.js";

export type Covariance = "full" | "diagonal";
export interface MixtureFit {
  mixture: Mixture;
  /** Mean ln p(x) over the rows, in nats, of the mixture before the last step. */
  logLikelihood: number;
  iterations: number;
  converged: boolean;
}
export interface FitOptions {
  covariance: Covariance;
  /** Added to every variance. */
  floor: number;
  /** EM stops when the mean log-likelihood gains less than this. */
  tolerance: number;
  iterations: number;
}

/** Added to N_c, as scikit-learn does, so that an empty component does not divide by zero. */
const TINY = 10 * Number.EPSILON;

/** Responsibilities, row-major [n, components], and the mean ln p(x). */
export const expectation = ({ weights, means, factors }: Mixture, { values, n, width }: Points) => {
  const components = weights.length;
  const responsibilities = new Float64Array(n * components);
  const y = new Float64Array(width);
  const joint = new Float64Array(components);
  let total = 0;
  for (let i = 0; i < n; i++) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < components; c++) {
      joint[c] = Math.log(weights[c]!) + logDensity(values, i * width, means[c]!, factors[c]!, y);
      largest = Math.max(largest, joint[c]!);
    }
    let sum = 0;
    for (let c = 0; c < components; c++) sum += Math.exp(joint[c]! - largest);
    const evidence = largest + Math.log(sum);
    total += evidence;
    for (let c = 0; c < components; c++) responsibilities[i * components + c] = Math.exp(joint[c]! - evidence);
  }
  return { responsibilities, logLikelihood: total / n };
};

export const maximization = (
  responsibilities: Float64Array,
  { values, n, width }: Points,
  components: number,
  { covariance, floor }: Pick<FitOptions, "covariance" | "floor">,
): Mixture => {
  const counts = new Float64Array(components).fill(TINY);
  const means = Array.from({ length: components }, () => new Float64Array(width));
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < components; c++) {
      const weight = responsibilities[i * components + c]!;
      counts[c]! += weight;
      const mean = means[c]!;
      for (let j = 0; j < width; j++) mean[j]! += weight * values[i * width + j]!;
    }
  }
  for (const [c, mean] of means.entries()) for (let j = 0; j < width; j++) mean[j]! /= counts[c]!;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const centered = new Float64Array(width);
  const factors = means.map((mean, c) => {
    const matrix = new Float64Array(width * width);
    for (let i = 0; i < n; i++) {
      const weight = responsibilities[i * components + c]! / counts[c]!;
      if (weight === 0) continue;
      for (let j = 0; j < width; j++) centered[j] = values[i * width + j]! - mean[j]!;
      for (let j = 0; j < width; j++)
        for (let k = covariance === "full" ? 0 : j; k <= j; k++)
          matrix[j * width + k]! += weight * centered[j]! * centered[k]!;
    }
    for (let j = 0; j < width; j++) matrix[j * width + j]! += floor;
    return triangularFactor(matrix, width);
  });
  return { weights: counts.map((count) => count / total), means, factors };
};

/** Hard cluster assignments as responsibilities. */
export const hardResponsibilities = (assignment: Int32Array, components: number): Float64Array => {
  const responsibilities = new Float64Array(assignment.length * components);
  for (const [i, c] of assignment.entries()) responsibilities[i * components + c] = 1;
  return responsibilities;
};

export const fitMixture = (points: Points, initial: Mixture, options: FitOptions): MixtureFit => {
  let mixture = initial;
  let before = Number.NEGATIVE_INFINITY;
  for (let iteration = 1; ; iteration++) {
    const { responsibilities, logLikelihood } = expectation(mixture, points);
    mixture = maximization(responsibilities, points, mixture.weights.length, options);
    const converged = Math.abs(logLikelihood - before) < options.tolerance;
    if (converged || iteration === options.iterations)
      return { mixture, logLikelihood, iterations: iteration, converged };
    before = logLikelihood;
  }
};
