/**
 * Gamma by its mean m = exp(l) and concentration k, with rate k / m. With w = ln x - l,
 *
 *     ln p(x) = k (w + 1 - exp(w)) + 1/2 ln(k / 2 pi) - e(k) - ln x,   e the error of Stirling's formula
 *
 * so that nothing large cancels where k is large. Values have to lie above 0.
 */
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { LOG_2PI, SMALLEST_NORMAL } from "../tensor/mathematics.js";
import { digammaDeficit, stirlingError } from "../tensor/special-functions.js";
import { stopGradient, type Tensor, tf } from "../tensor/tensor.js";
import { Elementwise } from "./elementwise.js";
import { logGammaDraws } from "./gamma-draws.js";

export class Gamma extends Elementwise {
  readonly family = "gamma";

  /** ln of the mean and ln k broadcast against each other. */
  constructor(
    private readonly logMean: Tensor,
    private readonly logConcentration: Tensor,
    eventRank = 1,
  ) {
    super([logMean, logConcentration], eventRank);
  }

  mean(): Tensor {
    return this.whole(tf.exp(this.logMean));
  }

  variance(): Tensor {
    return this.whole(tf.exp(tf.sub(tf.mul(this.logMean, 2), this.logConcentration)));
  }

  /** Reparameterized. Draws below the smallest normal number are that number. */
  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    const logDraw = logGammaDraws(noise, site, tf.exp(this.logConcentration), this.drawShape(sampleShape));
    return tf.maximum(tf.exp(tf.add(logDraw, tf.sub(this.logMean, this.logConcentration))), SMALLEST_NORMAL);
  }

  logProbElements(value: Tensor): Tensor {
    const k = tf.exp(this.logConcentration);
    const logValue = tf.log(value);
    const w = tf.sub(logValue, this.logMean);
    const constant = tf.sub(tf.mul(tf.sub(this.logConcentration, LOG_2PI), 0.5), stirlingError(k));
    return tf.sub(tf.add(tf.mul(k, tf.sub(w, tf.expm1(w))), constant), logValue);
  }

  /**
   * KL(this || other) by event element, with w = ln m - ln m', r = ln k - ln k' and e as above:
   *
   *     r / 2 + k' (exp(w) - 1 - w) - (k - k') (ln k - digamma(k)) - e(k) + e(k')
   */
  klElements(other: Gamma): Tensor {
    const [k, otherK] = [tf.exp(this.logConcentration), tf.exp(other.logConcentration)];
    const w = tf.sub(this.logMean, other.logMean);
    const half = tf.mul(tf.sub(this.logConcentration, other.logConcentration), 0.5);
    const byMean = tf.mul(otherK, tf.sub(tf.expm1(w), w));
    const byConcentration = tf.mul(tf.sub(k, otherK), digammaDeficit(k));
    const errors = tf.sub(stirlingError(otherK), stirlingError(k));
    return tf.add(tf.add(half, byMean), tf.sub(errors, byConcentration));
  }

  detached(): Gamma {
    return this.mapped(stopGradient);
  }

  withBatch(batchShape: Shape): Gamma {
    return this.mapped((parameter) => this.inBatch(parameter, batchShape));
  }

  /** Selects members along the last batch axis by a one-hot choice [..., K]: batchShape [...]. */
  select(choice: Tensor): Gamma {
    return this.mapped((parameter) => this.ofChosen(parameter, choice));
  }

  private mapped(map: (parameter: Tensor) => Tensor): Gamma {
    return new Gamma(map(this.logMean), map(this.logConcentration), this.eventRank);
  }
}
