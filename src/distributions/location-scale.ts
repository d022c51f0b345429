/**
 * Distributions of m + s y, where y has a fixed density f that is symmetric about 0: ln p(x) = ln f((x - m) / s) - ln s. The
 * scale is given as ln s: no division, and no logarithm of a scale that may underflow. Draws are reparameterized.
 */
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { Elementwise } from "./elementwise.js";

export abstract class LocationScale extends Elementwise {
  /** Location and log-scale broadcast against each other. */
  constructor(
    protected readonly location: Tensor,
    protected readonly logScale: Tensor,
    eventRank = 1,
  ) {
    super([location, logScale], eventRank);
  }

  /** ln f(y). */
  protected abstract standardLogProb(y: Tensor): Tensor;
  /** Draws of y. */
  protected abstract standardSample(noise: Noise, site: string, shape: Shape): Tensor;
  /** The variance of y, or undefined if it is infinite. */
  protected abstract readonly standardVariance: number | undefined;

  mean(): Tensor {
    return this.whole(this.location);
  }

  variance(): Tensor {
    return this.whole(tf.mul(tf.exp(tf.mul(this.logScale, 2)), this.standardVariance ?? Number.POSITIVE_INFINITY));
  }

  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    const y = this.standardSample(noise, site, this.drawShape(sampleShape));
    return tf.add(this.location, tf.mul(tf.exp(this.logScale), y));
  }

  logProbElements(value: Tensor): Tensor {
    const y = tf.mul(tf.sub(value, this.location), tf.exp(tf.neg(this.logScale)));
    return tf.sub(this.standardLogProb(y), this.logScale);
  }
}
