/**
 * Hyperbolic secant: p(x) = 1 / (pi s cosh((x - m) / s)), the density whose negative logarithm is the log-cosh loss: quadratic
 * near 0 and linear far away. ln cosh y = |y| + softplus(-2 |y|) - ln 2 does not overflow.
 */
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { openUniform } from "./elementwise.js";
import { LocationScale } from "./location-scale.js";

export class HyperbolicSecant extends LocationScale {
  protected readonly standardVariance = Math.PI ** 2 / 4;

  protected standardLogProb(y: Tensor): Tensor {
    const distance = tf.abs(y);
    return tf.sub(Math.log(2 / Math.PI), tf.add(distance, tf.softplus(tf.mul(distance, -2))));
  }

  /** ln tan(pi u / 2) of a uniform u: the quantile function. */
  protected standardSample(noise: Noise, site: string, shape: Shape): Tensor {
    const angle = tf.mul(openUniform(noise, site, shape), Math.PI / 2);
    return tf.sub(tf.log(tf.sin(angle)), tf.log(tf.cos(angle)));
  }
}
