/** Laplace: ln p(x) = -|x - m| / s - ln 2 s. The absolute error plays the part that the squared error has for a Gaussian. */
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { openUniform } from "./elementwise.js";
import { LocationScale } from "./location-scale.js";

export class Laplace extends LocationScale {
  protected readonly standardVariance = 2;

  protected standardLogProb(y: Tensor): Tensor {
    return tf.sub(-Math.LN2, tf.abs(y));
  }

  /** -sign(c) ln(1 - 2 |c|) of a uniform c in (-1/2, 1/2). */
  protected standardSample(noise: Noise, site: string, shape: Shape): Tensor {
    const centered = tf.sub(openUniform(noise, site, shape), 0.5);
    return tf.mul(tf.neg(tf.sign(centered)), tf.log1p(tf.mul(tf.abs(centered), -2)));
  }
}
