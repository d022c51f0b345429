/**
 * Discretized logistic over the L gray levels k / (L - 1): the mass that a logistic puts on the cell of each level, where the first
 * and the last cell take the tails (Salimans et al. 2017, equation 2). With F = sigmoid, a = (x - m + h) / s, b = (x - m - h) / s and
 * h = 1/2 / (L - 1),
 *
 *     ln (F(a) - F(b)) = ln(1 - exp(-2 h / s)) - softplus(-a) - softplus(b)
 *
 * for inner levels, -softplus(-a) for the first and -softplus(b) for the last. Nothing is subtracted from a number close to it.
 */
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { LEVELS } from "../tensor/mathematics.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { Elementwise, openUniform } from "./elementwise.js";

/** Levels of the mean that are computed at once. */
const PART = 16;

export class DiscretizedLogistic extends Elementwise {
  readonly discrete = true;
  private readonly last: number;

  /** Location and log-scale, in units where the levels span [0, 1], broadcast against each other. */
  constructor(
    private readonly location: Tensor,
    private readonly logScale: Tensor,
    eventRank = 1,
    levels = LEVELS,
  ) {
    super([location, logScale], eventRank);
    this.last = levels - 1;
  }

  /** Exact: the sum over levels k >= 1 of P(X >= k), divided by L - 1. Added up in parts, to bound the memory. */
  mean(): Tensor {
    const inverse = tf.expandDims(tf.exp(tf.neg(this.logScale)), -1);
    const location = tf.expandDims(this.location, -1);
    let sum = tf.zeros(this.drawShape([]));
    for (let first = 1; first <= this.last; first += PART) {
      const count = Math.min(PART, this.last - first + 1);
      const borders = tf.tensor1d(Array.from({ length: count }, (_, i) => (first + i - 0.5) / this.last));
      sum = tf.add(sum, tf.sum(tf.sigmoid(tf.mul(tf.sub(location, borders), inverse)), -1));
    }
    return tf.div(sum, this.last);
  }

  /** Draws levels; not reparameterized, because they are rounded. */
  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    const uniform = openUniform(noise, site, this.drawShape(sampleShape));
    const logit = tf.sub(tf.log(uniform), tf.log1p(tf.neg(uniform)));
    const x = tf.clipByValue(tf.add(this.location, tf.mul(tf.exp(this.logScale), logit)), 0, 1);
    return tf.div(tf.round(tf.mul(x, this.last)), this.last);
  }

  /** ln P of levels; a value between two levels counts as the nearest. */
  logProbElements(value: Tensor): Tensor {
    const level = tf.div(tf.round(tf.mul(value, this.last)), this.last);
    const half = 0.5 / this.last;
    const inverse = tf.exp(tf.neg(this.logScale));
    const distance = tf.sub(level, this.location);
    const below = tf.softplus(tf.neg(tf.mul(tf.add(distance, half), inverse)));
    const above = tf.softplus(tf.mul(tf.sub(distance, half), inverse));
    const width = tf.log(tf.neg(tf.expm1(tf.mul(inverse, -2 * half))));
    const isFirst = tf.cast(tf.less(level, half), "float32");
    const isLast = tf.cast(tf.greater(level, 1 - half), "float32");
    const isInner = tf.sub(tf.sub(1, isFirst), isLast);
    const tails = tf.add(tf.mul(tf.sub(1, isLast), below), tf.mul(tf.sub(1, isFirst), above));
    return tf.sub(tf.mul(isInner, width), tails);
  }
}
