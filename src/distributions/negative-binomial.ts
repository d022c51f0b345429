/**
 * Negative binomial by ln of its mean, l, and of its inverse dispersion, t: a Poisson whose mean is drawn from a gamma distribution with
 * mean m = exp(l) and concentration r = exp(t), so that its variance is m + m^2 / r. With n = x + r, w = ln x - l, v = ln(n / (r + m))
 * and e the error of Stirling's formula (Loader 2000),
 *
 *     ln p(x) = D + 1/2 ln(r / (2 pi x n)) + e(n) - e(r) - e(x)    for x > 0,    ln p(0) = -r ln(1 + m / r)
 *     D = n v - x w = r v + x (ln(1 + r / x) - ln(1 + r / m))
 *
 * The first form of D loses digits where r is far below m, the second where it is far above. v is ln(1 + (x - m) / (r + m)), and
 * x - m = x (1 - exp(-w)), so that an error of w cancels.
 */
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { stirlingError } from "../tensor/special-functions.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { Elementwise } from "./elementwise.js";
import { logGammaDraws } from "./gamma-draws.js";
import { logFactorialRest } from "./log-poisson.js";
import { poissonDraws } from "./poisson-draws.js";

export class NegativeBinomial extends Elementwise {
  readonly discrete = true;

  /** ln of the mean and ln of the inverse dispersion broadcast against each other. */
  constructor(
    private readonly logMean: Tensor,
    private readonly logInverseDispersion: Tensor,
    eventRank = 1,
  ) {
    super([logMean, logInverseDispersion], eventRank);
  }

  mean(): Tensor {
    return this.whole(tf.exp(this.logMean));
  }

  variance(): Tensor {
    const squared = tf.exp(tf.sub(tf.mul(this.logMean, 2), this.logInverseDispersion));
    return tf.add(this.mean(), squared);
  }

  /** Not reparameterized; NaN where the mean of the Poisson exceeds 2^23. */
  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    const shape = this.drawShape(sampleShape);
    const logDraw = logGammaDraws(noise, `${site}/gamma`, tf.exp(this.logInverseDispersion), shape);
    const logRate = tf.add(logDraw, tf.sub(this.logMean, this.logInverseDispersion));
    return poissonDraws(noise, `${site}/poisson`, tf.exp(logRate), shape);
  }

  logProbElements(value: Tensor): Tensor {
    const { logMean: l, logInverseDispersion: t } = this;
    const [m, r] = [tf.exp(l), tf.exp(t)];
    const x = tf.maximum(value, 1);
    const n = tf.add(x, r);
    const w = tf.sub(tf.log(x), l);
    const change = tf.div(tf.mul(tf.neg(x), tf.expm1(tf.neg(w))), tf.add(r, m));
    const near = tf.log1p(tf.maximum(change, -0.5));
    const far = tf.sub(tf.log(n), tf.add(t, tf.softplus(tf.sub(l, t))));
    const v = tf.where(tf.greater(change, -0.5), near, far);
    const ofLarge = tf.sub(tf.mul(n, near), tf.mul(x, w));
    const ofSmall = tf.add(tf.mul(r, v), tf.mul(x, tf.sub(tf.log1p(tf.div(r, x)), tf.softplus(tf.sub(t, l)))));
    const main = tf.where(tf.less(r, m), ofSmall, ofLarge);
    const ratio = tf.mul(tf.sub(t, tf.log(n)), 0.5);
    const errors = tf.sub(tf.sub(stirlingError(n), stirlingError(r)), logFactorialRest(x));
    const none = tf.neg(tf.mul(r, tf.softplus(tf.sub(l, t))));
    return tf.where(tf.less(value, 1), none, tf.add(tf.add(main, ratio), errors));
  }
}
