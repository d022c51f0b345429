/** Means over seeds or examples, with their uncertainty. */

export const mean = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
};

/** Unbiased (n - 1). NaN for fewer than two values. */
export const sampleVariance = (values: ArrayLike<number>): number => {
  const center = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - center) ** 2;
  return values.length < 2 ? Number.NaN : sum / (values.length - 1);
};

/** Standard error of the mean. NaN for fewer than two values. */
export const standardError = (values: ArrayLike<number>): number => Math.sqrt(sampleVariance(values) / values.length);

export const meanAndError = (values: ArrayLike<number>): { mean: number; standardError: number } => ({
  mean: mean(values),
  standardError: standardError(values),
});

/** The midpoint of the middle two for an even count. */
export const median = (values: ArrayLike<number>): number => {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

/**
 * P(|T| < t) of Student's t by the finite series for whole degrees of freedom, at tan(theta) = t / sqrt(nu).
 * Source: Abramowitz & Stegun 26.7.3 (odd nu) and 26.7.4 (even nu).
 */
const probabilityWithin = (theta: number, nu: number): number => {
  const cosine = Math.cos(theta);
  const odd = nu % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = nu === 1 ? 0 : term;
  for (let power = odd ? 3 : 2; power <= nu - 2; power += 2) {
    term *= (cosine * cosine * (power - 1)) / power;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (theta + Math.sin(theta) * sum) : Math.sin(theta) * sum;
};

/** The t > 0 with P(|T| < t) = level, for whole degrees of freedom. */
export const studentCritical = (level: number, degreesOfFreedom: number): number => {
  let [low, high] = [0, Math.PI / 2];
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return Math.sqrt(degreesOfFreedom) * Math.tan(middle);
    if (probabilityWithin(middle, degreesOfFreedom) < level) low = middle;
    else high = middle;
  }
};

export interface Interval {
  mean: number;
  /** Null with fewer than two values. */
  low: number | null;
  high: number | null;
  n: number;
}

/** Two-sided Student t interval of the mean. */
export const studentInterval = (values: ArrayLike<number>, level = 0.95): Interval => {
  const n = values.length;
  const center = mean(values);
  if (n < 2) return { mean: center, low: null, high: null, n };
  const half = studentCritical(level, n - 1) * standardError(values);
  return { mean: center, low: center - half, high: center + half, n };
};
