/**
 * Modified Bessel functions of the first kind, I_v, scaled so that nothing overflows and nothing cancels: in float32, for any x >= 0.
 *
 * Olver's uniform expansion gives them at an order n of at least 10, with s = sqrt(n^2 + x^2) and p = n / s:
 *
 *     ln I_n(x) = s + n ln(x / (n + s)) - 1/2 ln(2 pi s) + sum_k D_k(p) / n^k        DLMF 10.41.3, in logarithms
 *
 * The recurrence I_{k-1} = I_{k+1} + (2 k / x) I_k leads down to the order in question; it adds positive terms alone. All operations
 * are differentiable.
 */
import { type Tensor, tf } from "./tensor.js";

/** Lowest order of the expansion: the first term that is left out is below 1e-7 of what it is added to. */
const UNIFORM = 10;

/** Coefficients of D_k(p), k = 1, ..., from p^0 on. D_k(1) are the terms of Stirling's series, with the sign turned. */
const TERMS: readonly (readonly number[])[] = [
  [0, 3, 0, -5].map((each) => each / 24),
  [0, 0, 1, 0, -6, 0, 5].map((each) => each / 16),
  [0, 0, 0, 375, 0, -4779, 0, 9945, 0, -5525].map((each) => each / 5760),
  [0, 0, 0, 0, 13, 0, -284, 0, 1062, 0, -1356, 0, 565].map((each) => each / 128),
];
/** Coefficients of sum_k D_k(p) / n^k. */
const expansion = (n: number): number[] =>
  TERMS.at(-1)!.map((_, power) => TERMS.reduce((sum, terms, k) => sum + (terms[power] ?? 0) / n ** (k + 1), 0));
const polynomial = (coefficients: readonly number[], p: Tensor): Tensor =>
  coefficients.reduceRight<Tensor>((rest, each) => tf.add(tf.mul(rest, p), each), tf.zerosLike(p));

const sum = (tensors: readonly Tensor[]): Tensor => tensors.reduce((total, each) => tf.add(total, each));

export interface ScaledBessel {
  /** x - ln[Gamma(v + 1) (2 / x)^v I_v(x)]: 0 at x = 0, and (v + 1/2) ln x and a constant for large x. */
  logDeficit: Tensor;
  /** 1 - I_{v+1}(x) / I_v(x): 1 at x = 0, and (v + 1/2) / x for large x. It is the derivative of logDeficit. */
  ratioDeficit: Tensor;
}

/** At an order of the uniform expansion. */
const uniform = (n: number, x: Tensor): ScaledBessel => {
  const square = tf.square(x);
  const s = tf.sqrt(tf.add(square, n * n));
  const p = tf.div(n, s);
  const above = tf.div(square, tf.add(s, n)); // s - n
  const coefficients = expansion(n);
  const atOne = coefficients.reduce((total, each) => total + each, 0);
  const logDeficit = sum([
    tf.div(tf.mul(n, tf.add(x, above)), tf.add(x, s)), // x - (s - n)
    tf.mul(n, tf.log1p(tf.div(above, 2 * n))),
    tf.mul(0.25, tf.log1p(tf.div(square, n * n))),
    tf.sub(atOne, polynomial(coefficients, p)),
  ]);
  // d/dx, with dp/dx = -n x / s^3 = -p^3 x / n^2.
  const slope = polynomial(
    coefficients.map((each, power) => power * each),
    p,
  );
  const ratioDeficit = sum([
    tf.div(tf.add(n, tf.div(n * n, tf.add(s, x))), tf.add(s, n)), // 1 - x / (n + s)
    tf.div(x, tf.mul(2, tf.square(s))),
    tf.mul(tf.mul(tf.div(x, n * n), tf.square(p)), slope),
  ]);
  return { logDeficit, ratioDeficit };
};

/**
 * The functions of order v >= 0 at x >= 0.
 *
 *     ln [exp(-x) I_v(x)] = v ln(x / 2) - ln Gamma(v + 1) - logDeficit
 *
 * @returns the error of `logDeficit` is below 2e-6 times the larger of 1 and its value, that of `ratioDeficit` below 5e-6 of its value
 */
export const scaledBessel = (order: number, x: Tensor): ScaledBessel => {
  const steps = Math.max(0, Math.ceil(UNIFORM - order));
  let { logDeficit, ratioDeficit } = uniform(order + steps, x);
  for (let k = order + steps; k > order; k--) {
    const deficit = tf.mul(x, ratioDeficit);
    logDeficit = tf.sub(logDeficit, tf.log1p(tf.div(tf.sub(x, deficit), 2 * k)));
    ratioDeficit = tf.div(tf.sub(2 * k, deficit), tf.add(tf.sub(x, deficit), 2 * k));
  }
  return { logDeficit, ratioDeficit };
};
