/**
 * Continuous Bernoulli by logits l, a density on [0, 1] (Loaiza-Ganem & Cunningham 2019):
 *
 *     ln p(x) = (x - 1/2) l - g(l),   g(l) = ln(sinh(l / 2) / (l / 2)),   mean 1/2 + g'(l),   variance g''(l)
 *
 * g is even and smooth, but its closed form is 0 / 0 at l = 0 (lambda = 1/2), so its Taylor series is used up to |l| = 1. The
 * first omitted terms are below 1e-8.
 */
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { Elementwise, openUniform } from "./elementwise.js";

/** Coefficients of l^2, l^4, ... in g. */
const SERIES = [1 / 24, -1 / 2880, 1 / 181440, -1 / 9676800, 1 / 479001600];
const BORDER = 1;
/** Below it draws are uniform to within 1e-5. */
const FLAT = 1e-4;

const polynomial = (x: Tensor, coefficients: readonly number[]): Tensor =>
  coefficients
    .slice(0, -1)
    .reduceRight<Tensor>((tail, each) => tf.add(each, tf.mul(x, tail)), tf.scalar(coefficients.at(-1)!));

export class ContinuousBernoulli extends Elementwise {
  constructor(
    readonly logits: Tensor,
    eventRank = 1,
  ) {
    super([logits], eventRank);
  }

  mean(): Tensor {
    const slopes = SERIES.map((coefficient, i) => 2 * (i + 1) * coefficient);
    // coth(l / 2) / 2 - 1 / l
    const far = (l: Tensor): Tensor =>
      tf.sub(tf.sub(tf.reciprocal(tf.neg(tf.expm1(tf.neg(l)))), 0.5), tf.reciprocal(l));
    const slope = this.byRange(
      (l) => tf.mul(l, polynomial(tf.square(l), slopes)),
      (l) => tf.mul(tf.sign(this.logits), far(l)),
    );
    return tf.add(slope, 0.5);
  }

  variance(): Tensor {
    const curvatures = SERIES.map((coefficient, i) => 2 * (i + 1) * (2 * i + 1) * coefficient);
    return this.byRange(
      (l) => polynomial(tf.square(l), curvatures),
      // 1 / l^2 - 1 / (4 sinh(l / 2)^2)
      (l) => tf.sub(tf.reciprocal(tf.square(l)), tf.div(tf.exp(tf.neg(l)), tf.square(tf.expm1(tf.neg(l))))),
    );
  }

  /** Inverts the cumulative distribution of a truncated exponential; reparameterized. */
  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    const uniform = openUniform(noise, site, this.drawShape(sampleShape));
    const l = tf.maximum(tf.abs(this.logits), FLAT);
    const toLower = tf.div(tf.neg(tf.log1p(tf.mul(uniform, tf.expm1(tf.neg(l))))), l);
    const rises = tf.broadcastTo(tf.greater(this.logits, 0), toLower.shape);
    return tf.clipByValue(tf.where(rises, tf.sub(1, toLower), toLower), 0, 1);
  }

  /** Values have to lie in [0, 1]: the formula does not hold outside, where the density is 0. */
  logProbElements(value: Tensor): Tensor {
    const g = this.byRange(
      (l) => tf.mul(tf.square(l), polynomial(tf.square(l), SERIES)),
      (l) => tf.sub(tf.add(tf.mul(l, 0.5), tf.log1p(tf.neg(tf.exp(tf.neg(l))))), tf.log(l)),
    );
    return tf.sub(tf.mul(tf.sub(value, 0.5), this.logits), g);
  }

  /** A function of l by two formulas: of l itself up to 1, of |l| beyond. Each gets arguments of its own range only. */
  private byRange(near: (l: Tensor) => Tensor, far: (distance: Tensor) => Tensor): Tensor {
    const distance = tf.abs(this.logits);
    const inside = near(tf.clipByValue(this.logits, -BORDER, BORDER));
    return tf.where(tf.lessEqual(distance, BORDER), inside, far(tf.maximum(distance, BORDER)));
  }
}
