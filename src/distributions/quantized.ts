/**
 * All mass of a discrete latent on one code: the nearest of a codebook. Its values are the vectors that the code stands for, and what a
 * prior scores are the codes, so KL(q || p) = -ln p(code), exactly.
 */
import type { Distribution, Draw } from "../contracts/distribution.js";
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { stopGradient, type Tensor, tf } from "../tensor/tensor.js";

/** ln 0, large and finite. */
const NEVER = -1e30;

const repeated = (x: Tensor, sampleShape: Shape): Tensor => tf.broadcastTo(x, [...sampleShape, ...x.shape]);

export class Quantized implements Distribution {
  readonly family = "quantized";
  readonly discrete = true;
  readonly certain = true;
  readonly batchShape: Shape;
  readonly eventShape: Shape;

  /** @param value [...batch, ...event] @param codes one-hot, [...batch, variables, categories] */
  constructor(
    private readonly value: Tensor,
    private readonly codes: Tensor,
    eventRank = 1,
  ) {
    const { shape } = value;
    this.eventShape = shape.slice(shape.length - eventRank);
    this.batchShape = shape.slice(0, shape.length - eventRank);
  }

  mean(): Tensor {
    return this.value;
  }

  /** The one value of its support. */
  enumerate(): Tensor {
    return tf.expandDims(this.value, 0);
  }

  /** Draws no noise. */
  sample(_noise: Noise, _site: string, sampleShape: Shape): Tensor {
    return repeated(this.value, sampleShape);
  }

  sampleAndLogProb(_noise: Noise, _site: string, sampleShape: Shape): Draw {
    return {
      value: repeated(this.value, sampleShape),
      codes: repeated(this.codes, sampleShape),
      logProb: tf.zeros([...sampleShape, ...this.batchShape]),
    };
  }

  /** 0 at the value; elsewhere ln 0, as a large number. */
  logProb(value: Tensor): Tensor {
    const same = tf.cast(tf.equal(value, this.value), "float32");
    const rank = same.rank - this.eventShape.length;
    const axes = this.eventShape.map((_, axis) => rank + axis);
    return tf.mul(tf.sub(1, tf.min(same, axes)), NEVER);
  }

  /** KL(this || p) of a prior over the codes, [...batch]. */
  kl(p: Distribution): Tensor {
    return tf.neg(p.logProb(this.codes));
  }

  detached(): Quantized {
    return new Quantized(stopGradient(this.value), this.codes, this.eventShape.length);
  }

  withBatch(batchShape: Shape): Quantized {
    const codes = this.codes.shape.slice(this.batchShape.length);
    return new Quantized(
      tf.reshape(this.value, [...batchShape, ...this.eventShape]),
      tf.reshape(this.codes, [...batchShape, ...codes]),
      this.eventShape.length,
    );
  }
}
