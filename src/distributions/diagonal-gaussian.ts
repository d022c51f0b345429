/**
 * N(mean, diag exp(logVariance)), independent over the event axes.
 * ln p(x) = -1/2 sum_j [ln 2 pi + l_j + (x_j - m_j)^2 exp(-l_j)], l the log-variance: no division, and no logarithm of a
 * scale that may underflow. Draws are reparameterized: m + exp(l / 2) eps (Kingma & Welling 2014).
 */
import type { Distribution } from "../contracts/distribution.js";
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { broadcastShape, LOG_2PI, sumEvent } from "../tensor/mathematics.js";
import { stopGradient, type Tensor, tf } from "../tensor/tensor.js";
import { selected } from "./selected.js";

export class DiagonalGaussian implements Distribution {
  readonly family = "diagonal-gaussian";
  readonly batchShape: Shape;
  readonly eventShape: Shape;
  private readonly location: Tensor;

  /** `eventRank`: how many of the last axes are one event. Mean and log-variance broadcast against each other. */
  constructor(
    mean: Tensor,
    readonly logVariance: Tensor,
    private readonly eventRank = 1,
  ) {
    const shape = broadcastShape(mean.shape, logVariance.shape);
    this.location = mean;
    this.batchShape = shape.slice(0, shape.length - eventRank);
    this.eventShape = shape.slice(shape.length - eventRank);
  }

  mean(): Tensor {
    return tf.broadcastTo(this.location, [...this.batchShape, ...this.eventShape]);
  }

  variance(): Tensor {
    return tf.broadcastTo(tf.exp(this.logVariance), [...this.batchShape, ...this.eventShape]);
  }

  detached(): DiagonalGaussian {
    return new DiagonalGaussian(stopGradient(this.location), stopGradient(this.logVariance), this.eventRank);
  }

  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    return this.place(this.draw(noise, site, sampleShape));
  }

  /** `logProb` is computed on first read; an objective with a closed-form KL never reads it. */
  sampleAndLogProb(noise: Noise, site: string, sampleShape: Shape): { value: Tensor; logProb: Tensor } {
    const epsilon = this.draw(noise, site, sampleShape);
    const logProb = (): Tensor => sumEvent(this.elements(tf.square(epsilon)), this.eventRank);
    return {
      value: this.place(epsilon),
      get logProb() {
        return logProb();
      },
    };
  }

  logProb(value: Tensor): Tensor {
    return sumEvent(this.logProbElements(value), this.eventRank);
  }

  logProbElements(value: Tensor): Tensor {
    return this.elements(tf.mul(tf.square(tf.sub(value, this.location)), tf.exp(tf.neg(this.logVariance))));
  }

  /** KL(this || other) by event element, in closed form. */
  klElements(other: DiagonalGaussian): Tensor {
    const logRatio = tf.sub(this.logVariance, other.logVariance);
    const shift = tf.mul(tf.square(tf.sub(this.location, other.location)), tf.exp(tf.neg(other.logVariance)));
    return tf.mul(tf.add(tf.sub(tf.expm1(logRatio), logRatio), shift), 0.5);
  }

  /** The same distributions with their batch axes in another arrangement. */
  withBatch(batchShape: Shape): DiagonalGaussian {
    const shape = [...this.batchShape, ...this.eventShape];
    const reshaped = (parameter: Tensor): Tensor =>
      tf.reshape(tf.broadcastTo(parameter, shape), [...batchShape, ...this.eventShape]);
    return new DiagonalGaussian(reshaped(this.location), reshaped(this.logVariance), this.eventRank);
  }

  /** Selects members along the last batch axis by a one-hot choice [..., K]: batchShape [...]. */
  select(choice: Tensor): DiagonalGaussian {
    const shape = [...this.batchShape, ...this.eventShape];
    const pick = (parameter: Tensor): Tensor =>
      selected(tf.broadcastTo(parameter, shape), this.batchShape.length, choice);
    return new DiagonalGaussian(pick(this.location), pick(this.logVariance), this.eventRank);
  }

  private draw(noise: Noise, site: string, sampleShape: Shape): Tensor {
    return noise.normal(site, [...sampleShape, ...this.batchShape, ...this.eventShape]);
  }

  private place(epsilon: Tensor): Tensor {
    return tf.add(this.location, tf.mul(tf.exp(tf.mul(this.logVariance, 0.5)), epsilon));
  }

  /** ln p by element, from the squared distance to the mean in scales. */
  private elements(squared: Tensor): Tensor {
    return tf.mul(tf.add(tf.add(squared, this.logVariance), LOG_2PI), -0.5);
  }
}
