/**
 * The gamma and beta functions in float32, from Stirling's series (Abramowitz & Stegun 6.1.40) above 3 and the recurrence
 * Gamma(x + 1) = x Gamma(x) below. The series is cut at z^-9, which leaves 1.1e-8 at 3. They are made of differentiable
 * operations, so their gradients are digamma functions to the same precision.
 */
import { LOG_2PI } from "./mathematics.js";
import { type Tensor, tf } from "./tensor.js";

const START = 3;
/** Coefficients of z^-1, z^-3, ...: B_2n / (2n (2n - 1)). */
const SERIES = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188];

/** ln Gamma(z) - [(z - 1/2) ln z - z + 1/2 ln 2 pi] for z >= 3. */
const correction = (z: Tensor): Tensor => {
  const inverse = tf.reciprocal(z);
  const square = tf.square(inverse);
  const sum = SERIES.slice(0, -1).reduceRight<Tensor>(
    (tail, coefficient) => tf.add(coefficient, tf.mul(square, tail)),
    tf.scalar(SERIES.at(-1)!),
  );
  return tf.mul(inverse, sum);
};

const raised = (x: Tensor): Tensor => tf.where(tf.less(x, START), tf.add(x, START), x);

/** ln Gamma(x) for x > 0. The absolute error is below 1e-6 up to 10, the relative error below 4e-7 beyond. */
export const logGamma = (x: Tensor): Tensor => {
  const z = raised(x);
  const stirling = tf.add(tf.sub(tf.mul(tf.sub(z, 0.5), tf.log(z)), z), tf.add(correction(z), LOG_2PI / 2));
  // Bounded where it is not used: a gradient of 0 times infinity is not 0.
  const small = tf.minimum(x, START);
  const product = tf.mul(small, tf.mul(tf.add(small, 1), tf.add(small, 2)));
  return tf.sub(stirling, tf.where(tf.less(x, START), tf.log(product), tf.zerosLike(product)));
};

/**
 * ln B(a + 3, b) - ln B(a, b) where a < 3, else 0, with the sign turned: sum over i of ln(1 + b / (a + i)). Of the logarithms of b and a,
 * because the gradient of a quotient squares its divisor, which is then 0 for a below 1e-23.
 */
const lowered = (a: Tensor, b: Tensor): Tensor => {
  const ratios = [0, 1, 2].map((i) => tf.softplus(tf.sub(tf.log(b), tf.log(tf.add(a, i)))));
  const sum = tf.add(ratios[0]!, tf.add(ratios[1]!, ratios[2]!));
  return tf.where(tf.less(tf.add(a, tf.zerosLike(b)), START), sum, tf.zerosLike(sum));
};

/**
 * ln B(a, b) = ln Gamma(a) + ln Gamma(b) - ln Gamma(a + b) for a, b > 0, which broadcast. Large terms are combined before they
 * are rounded, so nothing cancels where one argument, or both, are large: the error is below 2e-6 times the larger of 1 and
 * the result.
 */
export const logBeta = (a: Tensor, b: Tensor): Tensor => {
  const p = raised(a);
  const q = raised(b);
  const series = tf.sub(tf.add(correction(p), correction(q)), correction(tf.add(p, q)));
  // (p - 1/2) ln(p / (p + q)) + q ln(q / (p + q)) - 1/2 ln q
  const main = tf.add(
    tf.add(tf.mul(tf.sub(p, 0.5), tf.log1p(tf.div(q, p))), tf.mul(q, tf.log1p(tf.div(p, q)))),
    tf.mul(0.5, tf.log(q)),
  );
  const stirling = tf.add(tf.sub(series, main), LOG_2PI / 2);
  return tf.add(stirling, tf.add(lowered(a, b), lowered(b, p)));
};

/**
 * The error of Stirling's formula, ln Gamma(x + 1) - [(x + 1/2) ln x - x + 1/2 ln 2 pi] for x > 0 (Loader 2000, "stirlerr"). The
 * error is below 1e-6.
 */
export const stirlingError = (x: Tensor): Tensor => {
  // From x + 1 down to x: (x + 1/2) ln(1 + 1/x) - 1.
  const steps = [0, 1, 2].map((i) => {
    const z = tf.add(x, i);
    return tf.sub(tf.mul(tf.add(z, 0.5), tf.log1p(tf.reciprocal(z))), 1);
  });
  const sum = tf.add(steps[0]!, tf.add(steps[1]!, steps[2]!));
  return tf.add(correction(raised(x)), tf.where(tf.less(x, START), sum, tf.zerosLike(sum)));
};

/** Coefficients of z^-2, z^-4, ... of ln z - 1 / (2 z) - digamma(z): B_2n / (2n). */
const DIGAMMA_SERIES = [1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132];

/** ln z - 1 / (2 z) - digamma(z) for z >= 3. */
const digammaSeries = (z: Tensor): Tensor => {
  const square = tf.square(tf.reciprocal(z));
  return DIGAMMA_SERIES.reduceRight<Tensor>((tail, each) => tf.mul(square, tf.add(tail, each)), tf.zerosLike(z));
};

/** ln x - digamma(x) for x > 0, which is above 0 and near 1 / (2 x) where x is large: the error is below 2e-6 of the larger of 1 and it. */
export const digammaDeficit = (x: Tensor): Tensor => {
  const z = tf.add(x, START);
  const steps = [0, 1, 2].map((i) => tf.reciprocal(tf.add(x, i)));
  const sum = tf.add(steps[0]!, tf.add(steps[1]!, steps[2]!));
  const above = tf.add(digammaSeries(z), tf.div(0.5, z));
  return tf.add(above, tf.sub(sum, tf.log1p(tf.div(START, x))));
};

/** digamma(a + b) - digamma(a) for a, b > 0, which broadcast, without cancellation where a is large: the relative error is below 2e-6. */
export const digammaDifference = (a: Tensor, b: Tensor | number): Tensor => {
  const total = tf.add(a, b);
  const steps = [0, 1, 2].map((i) => tf.div(b, tf.mul(tf.add(a, i), tf.add(total, i))));
  const [p, s] = [tf.add(a, START), tf.add(total, START)];
  const main = tf.add(tf.log1p(tf.div(b, p)), tf.div(b, tf.mul(tf.mul(2, p), s)));
  const raisedDifference = tf.add(main, tf.sub(digammaSeries(p), digammaSeries(s)));
  return tf.add(raisedDifference, tf.add(steps[0]!, tf.add(steps[1]!, steps[2]!)));
};
