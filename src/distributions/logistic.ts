/** Logistic: ln p(x) = -softplus(y) - softplus(-y) - ln s with y = (x - m) / s, which rounds well in both tails. */
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { openUniform } from "./elementwise.js";
import { LocationScale } from "./location-scale.js";

export class Logistic extends LocationScale {
  protected readonly standardVariance = Math.PI ** 2 / 3;

  protected standardLogProb(y: Tensor): Tensor {
    return tf.neg(tf.add(tf.softplus(y), tf.softplus(tf.neg(y))));
  }

  /** The logit of a uniform draw. */
  protected standardSample(noise: Noise, site: string, shape: Shape): Tensor {
    const uniform = openUniform(noise, site, shape);
    return tf.sub(tf.log(uniform), tf.log1p(tf.neg(uniform)));
  }
}
