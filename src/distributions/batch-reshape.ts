/** Splits the single batch axis [N] that networks see into several axes again; the last axis varies fastest. */
import type { Distribution } from "../contracts/distribution.js";
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { DiagonalGaussian } from "./diagonal-gaussian.js";

/**
 * @param q batchShape [N]. @returns the same distribution with `batchShape`, N in total. A Gaussian stays a Gaussian, so its
 * closed forms still apply.
 */
export const batchReshape = (q: Distribution, batchShape: Shape): Distribution =>
  q instanceof DiagonalGaussian ? q.withBatch(batchShape) : new Unfolded(q, batchShape);

class Unfolded implements Distribution {
  readonly eventShape: Shape;
  readonly singular?: true;
  readonly logProbElements?: (value: Tensor) => Tensor;
  readonly enumerate?: () => Tensor;
  readonly mean?: () => Tensor;

  constructor(
    private readonly inner: Distribution,
    readonly batchShape: Shape,
  ) {
    const { eventShape, logProbElements, enumerate, mean } = inner;
    this.eventShape = eventShape;
    if (inner.singular) this.singular = true;
    if (logProbElements)
      this.logProbElements = (value) => this.unfold(logProbElements.call(inner, this.fold(value)), eventShape.length);
    if (enumerate) this.enumerate = () => this.unfold(enumerate.call(inner), eventShape.length);
    if (mean) this.mean = () => this.unfold(mean.call(inner), eventShape.length);
  }

  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    return this.unfold(this.inner.sample(noise, site, sampleShape), this.eventShape.length);
  }

  sampleAndLogProb(noise: Noise, site: string, sampleShape: Shape): { value: Tensor; logProb: Tensor } {
    const drawn = this.inner.sampleAndLogProb(noise, site, sampleShape);
    const logProb = (): Tensor => this.unfold(drawn.logProb, 0);
    return {
      value: this.unfold(drawn.value, this.eventShape.length),
      get logProb() {
        return logProb();
      },
    };
  }

  logProb(value: Tensor): Tensor {
    return this.unfold(this.inner.logProb(this.fold(value)), 0);
  }

  /** [..., N, ...event] → [..., ...batchShape, ...event]. */
  private unfold(x: Tensor, eventRank: number): Tensor {
    const at = x.rank - eventRank - 1;
    return tf.reshape(x, [...x.shape.slice(0, at), ...this.batchShape, ...x.shape.slice(at + 1)]);
  }

  /** [..., ...batchShape, ...event] → [..., N, ...event]. */
  private fold(value: Tensor): Tensor {
    const shape = [...this.batchShape, ...this.eventShape];
    const whole = value.rank < shape.length ? tf.broadcastTo(value, shape) : value;
    const sample = whole.shape.slice(0, whole.rank - shape.length);
    const full = tf.broadcastTo(whole, [...sample, ...shape]);
    return tf.reshape(full, [...sample, ...this.inner.batchShape, ...this.eventShape]);
  }
}
