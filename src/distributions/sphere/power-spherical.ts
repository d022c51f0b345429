/**
 * Power spherical: p(z) proportional to (1 + m' z)^k on the unit sphere (De Cao & Aziz 2020). (1 + t) / 2 is Beta(b + k, b), b = (D - 1) / 2,
 * so no Bessel function is needed. A draw takes one gamma draw: of D - 1 normal numbers, half the squared norm is Gamma(b) and independent
 * of the direction, so the same numbers give the tangent.
 */
import { digammaDifference, logBeta } from "../../tensor/special-functions.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { logGammaDraws } from "../gamma-draws.js";
import type { Height } from "./pathwise.js";
import { type LogitDraw, RotationallySymmetric } from "./rotationally-symmetric.js";

/** Logits beyond it count as it. */
const LARGEST_LOGIT = 60;
/** Keeps the logarithm of a squared norm finite. */
const LEAST_SQUARE = 1e-20;

export class PowerSpherical extends RotationallySymmetric {
  readonly family = "power-spherical";

  private get b(): number {
    return (this.dimensions - 1) / 2;
  }

  /** ln((1 + t) / 2), from the smaller of 1 - t and 1 + t. */
  statistic({ gap, rest }: Height): Tensor {
    return tf.add(tf.log1p(tf.mul(tf.minimum(gap, 1), -0.5)), tf.log(tf.minimum(rest, 1)));
  }

  meanStatistic(concentration: Tensor): Tensor {
    return tf.neg(digammaDifference(tf.add(concentration, this.b), this.b));
  }

  protected logNormalizer(concentration: Tensor): Tensor {
    const b = tf.scalar(this.b);
    return tf.sub(logBeta(tf.add(concentration, b), b), logBeta(b, b));
  }

  protected meanCosine(concentration: Tensor): Tensor {
    return tf.div(concentration, tf.add(concentration, 2 * this.b));
  }

  protected drawLogits({ noise, site, concentration, squaredNorm }: LogitDraw): Tensor {
    const shape = squaredNorm.shape;
    const logHigh = logGammaDraws(noise, `${site}/gamma`, tf.add(concentration, this.b), shape);
    const logLow = tf.log(tf.add(tf.mul(squaredNorm, 0.5), LEAST_SQUARE));
    return tf.clipByValue(tf.sub(logHigh, logLow), -LARGEST_LOGIT, LARGEST_LOGIT);
  }

  protected remade(direction: Tensor, concentration: Tensor, eventRank: number): this {
    return new PowerSpherical(direction, concentration, eventRank) as this;
  }
}
