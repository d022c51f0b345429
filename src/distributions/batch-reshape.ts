/** Splits the single batch axis [N] that networks see into several axes again; the last axis varies fastest. */
import type { Distribution, Draw } from "../contracts/distribution.js";
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { type Tensor, tf } from "../tensor/tensor.js";

/**
 * @param q batchShape [N]. @returns the same distribution with `batchShape`, N in total. One that can arrange its own batch
 * (`withBatch`) stays what it is, so its closed forms still apply.
 */
export const batchReshape = (q: Distribution, batchShape: Shape): Distribution =>
  q.withBatch ? q.withBatch(batchShape) : new Unfolded(q, batchShape);

class Unfolded implements Distribution {
  readonly eventShape: Shape;
  readonly singular?: true;
  readonly discrete?: true;
  readonly certain?: true;
  readonly logProbElements?: (value: Tensor) => Tensor;
  readonly enumerate?: () => Tensor;
  readonly mean?: () => Tensor;
  readonly center?: () => Tensor;
  readonly mode?: () => Tensor;
  readonly variance?: () => Tensor;
  readonly counterpart?: (p: Distribution) => Distribution;
  readonly detached?: () => Distribution;
  readonly logVolume?: NonNullable<Distribution["logVolume"]>;

  constructor(
    private readonly inner: Distribution,
    readonly batchShape: Shape,
  ) {
    const { eventShape, logProbElements, enumerate, mean, center, mode, variance, counterpart, detached } = inner;
    this.eventShape = eventShape;
    if (inner.singular) this.singular = true;
    if (inner.discrete) this.discrete = true;
    if (inner.certain) this.certain = true;
    if (logProbElements)
      this.logProbElements = (value) => this.unfold(logProbElements.call(inner, this.fold(value)), eventShape.length);
    if (enumerate) this.enumerate = () => this.unfold(enumerate.call(inner), eventShape.length);
    if (mode) this.mode = () => this.unfold(mode.call(inner), eventShape.length);
    if (center) this.center = () => this.unfold(center.call(inner), eventShape.length);
    if (mean) this.mean = () => this.unfold(mean.call(inner), eventShape.length);
    if (variance) this.variance = () => this.unfold(variance.call(inner), eventShape.length);
    if (counterpart) this.counterpart = (p) => counterpart.call(inner, p);
    if (inner.logVolume) this.logVolume = inner.logVolume.bind(inner);
    if (detached) this.detached = () => new Unfolded(detached.call(inner), batchShape);
  }

  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    return this.unfold(this.inner.sample(noise, site, sampleShape), this.eventShape.length);
  }

  sampleAndLogProb(noise: Noise, site: string, sampleShape: Shape): Draw {
    const drawn = this.inner.sampleAndLogProb(noise, site, sampleShape);
    const logProb = (): Tensor => this.unfold(drawn.logProb, 0);
    return {
      value: this.unfold(drawn.value, this.eventShape.length),
      ...(drawn.codes && { codes: this.unfold(drawn.codes, 2) }),
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
