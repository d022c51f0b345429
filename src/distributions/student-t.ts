/**
 * Student-t with nu degrees of freedom: ln p(x) = -ln B(nu / 2, 1 / 2) - 1/2 ln nu - ln s - (nu + 1) / 2 ln(1 + y^2 / nu),
 * y = (x - m) / s. The beta function keeps the constant exact for any nu, where a difference of two ln Gamma would cancel.
 */
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { logBeta } from "../tensor/special-functions.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { openUniform } from "./elementwise.js";
import { LocationScale } from "./location-scale.js";

export class StudentT extends LocationScale {
  protected readonly standardVariance: number | undefined;

  /** @param degrees above 1, so that there is a mean. The variance is infinite up to 2. */
  constructor(
    location: Tensor,
    logScale: Tensor,
    private readonly degrees: number,
    eventRank = 1,
  ) {
    super(location, logScale, eventRank);
    this.standardVariance = degrees > 2 ? degrees / (degrees - 2) : undefined;
  }

  protected standardLogProb(y: Tensor): Tensor {
    const nu = this.degrees;
    const constant = tf.add(logBeta(tf.scalar(nu / 2), tf.scalar(0.5)), 0.5 * Math.log(nu));
    return tf.neg(tf.add(constant, tf.mul(tf.log1p(tf.div(tf.square(y), nu)), (nu + 1) / 2)));
  }

  /** sqrt(nu (u^(-2 / nu) - 1)) cos 2 pi v of two uniform draws (Bailey 1994). */
  protected standardSample(noise: Noise, site: string, shape: Shape): Tensor {
    const exponent = tf.mul(tf.log(openUniform(noise, `${site}/radius`, shape)), -2 / this.degrees);
    const radius = tf.sqrt(tf.mul(tf.expm1(exponent), this.degrees));
    return tf.mul(radius, tf.cos(tf.mul(noise.uniform(`${site}/angle`, shape), 2 * Math.PI)));
  }
}
