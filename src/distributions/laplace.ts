/** Laplace: ln p(x) = -|x - m| / s - ln 2 s. The absolute error plays the part that the squared error has for a Gaussian. */
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { stopGradient, type Tensor, tf } from "../tensor/tensor.js";
import { openUniform } from "./elementwise.js";
import { LocationScale } from "./location-scale.js";

export class Laplace extends LocationScale {
  readonly family = "laplace";
  protected readonly standardVariance = 2;

  /**
   * KL(this || other) by event element, in closed form: d / s' + exp(r - d / s) - 1 - r, d the distance of the locations, r = ln s - ln s'.
   */
  klElements(other: Laplace): Tensor {
    const logRatio = tf.sub(this.logScale, other.logScale);
    const distance = tf.abs(tf.sub(this.location, other.location));
    const inScales = (logScale: Tensor): Tensor => tf.mul(distance, tf.exp(tf.neg(logScale)));
    const overlap = tf.expm1(tf.sub(logRatio, inScales(this.logScale)));
    return tf.add(tf.sub(overlap, logRatio), inScales(other.logScale));
  }

  detached(): Laplace {
    return this.mapped(stopGradient);
  }

  withBatch(batchShape: Shape): Laplace {
    return this.mapped((parameter) => this.inBatch(parameter, batchShape));
  }

  /** Selects members along the last batch axis by a one-hot choice [..., K]: batchShape [...]. */
  select(choice: Tensor): Laplace {
    return this.mapped((parameter) => this.ofChosen(parameter, choice));
  }

  protected standardLogProb(y: Tensor): Tensor {
    return tf.sub(-Math.LN2, tf.abs(y));
  }

  /** -sign(c) ln(1 - 2 |c|) of a uniform c in (-1/2, 1/2). */
  protected standardSample(noise: Noise, site: string, shape: Shape): Tensor {
    const centered = tf.sub(openUniform(noise, site, shape), 0.5);
    return tf.mul(tf.neg(tf.sign(centered)), tf.log1p(tf.mul(tf.abs(centered), -2)));
  }

  private mapped(map: (parameter: Tensor) => Tensor): Laplace {
    return new Laplace(map(this.location), map(this.logScale), this.eventRank);
  }
}
