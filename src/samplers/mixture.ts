/**
 * A mixture of Gaussians on the host, in float64. Covariances are stored as lower triangular factors, S = L L', so densities and draws
 * need no inverse.
 */
import { type Points, pointsOf } from "../numerics/points.js";
import { normal, type Stream } from "../numerics/streams.js";

export interface Mixture {
  /** [components]. */
  weights: Float64Array;
  /** [components][width]. */
  means: Float64Array[];
  /** [components][width * width], lower triangular, row-major. */
  factors: Float64Array[];
}

/** The field of samplers that draw around centers. */
export const TEMPERATURE = {
  type: "number",
  exclusiveMinimum: 0,
  default: 1,
  description: "Scale of the standard deviations: below 1, samples lie closer to the centers and vary less",
} as const;

const LOG_TWO_PI = Math.log(2 * Math.PI);

/** L of a positive definite matrix, row-major. */
export const triangularFactor = (matrix: Float64Array, width: number): Float64Array => {
  const factor = new Float64Array(width * width);
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * width + j]!;
      for (let k = 0; k < j; k++) sum -= factor[i * width + k]! * factor[j * width + k]!;
      if (i !== j) factor[i * width + j] = sum / factor[j * width + j]!;
      else if (sum > 0) factor[i * width + i] = Math.sqrt(sum);
      else throw new Error("a covariance is not positive definite: raise the floor");
    }
  }
  return factor;
};

/** ln N(x; m, L L') with y = L^-1 (x - m): forward substitution. */
export const logDensity = (
  x: Float32Array,
  at: number,
  mean: Float64Array,
  factor: Float64Array,
  y: Float64Array,
): number => {
  const width = mean.length;
  let quadratic = 0;
  let logDeterminant = 0;
  for (let i = 0; i < width; i++) {
    let sum = x[at + i]! - mean[i]!;
    for (let k = 0; k < i; k++) sum -= factor[i * width + k]! * y[k]!;
    const diagonal = factor[i * width + i]!;
    y[i] = sum / diagonal;
    quadratic += y[i]! * y[i]!;
    logDeterminant += Math.log(diagonal);
  }
  return -(width * LOG_TWO_PI + quadratic) / 2 - logDeterminant;
};

/** ln p(x) of each row, in nats. */
export const logDensities = ({ weights, means, factors }: Mixture, { values, n, width }: Points): Float64Array => {
  const y = new Float64Array(width);
  const joint = new Float64Array(weights.length);
  return Float64Array.from({ length: n }, (_, i) => {
    let largest = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < weights.length; c++) {
      joint[c] = Math.log(weights[c]!) + logDensity(values, i * width, means[c]!, factors[c]!, y);
      largest = Math.max(largest, joint[c]!);
    }
    return largest + Math.log(joint.reduce((sum, each) => sum + Math.exp(each - largest), 0));
  });
};

/** The mixture with the standard deviations of its components multiplied. */
export const tempered = ({ weights, means, factors }: Mixture, temperature: number): Mixture => {
  if (temperature === 1) return { weights, means, factors };
  const scaled = new Map(
    Array.from(new Set(factors), (factor) => [factor, factor.map((value) => value * temperature)] as const),
  );
  return { weights, means, factors: factors.map((factor) => scaled.get(factor)!) };
};

const componentOf = (weights: Float64Array, uniform: Stream): number => {
  let left = uniform();
  for (let c = 0; c < weights.length - 1; c++) if ((left -= weights[c]!) < 0) return c;
  return weights.length - 1;
};

/** m + L e, e standard normal, of a component chosen by weight. */
export const drawMixture = ({ weights, means, factors }: Mixture, count: number, uniform: Stream) => {
  const width = means[0]!.length;
  const values = new Float32Array(count * width);
  const e = new Float64Array(width);
  for (let row = 0; row < count; row++) {
    const c = componentOf(weights, uniform);
    for (let j = 0; j < width; j++) e[j] = normal(uniform);
    for (let j = 0; j < width; j++) {
      let sum = means[c]![j]!;
      for (let k = 0; k <= j; k++) sum += factors[c]![j * width + k]! * e[k]!;
      values[row * width + j] = sum;
    }
  }
  return pointsOf(values, width);
};
