/**
 * Bernoulli by logits l: ln p(x) = x l - softplus(l), whose gradient is x - sigmoid(l) everywhere. (The form
 * max(l, 0) - x l + ln(1 + exp(-|l|)) has no gradient of its own at l = 0, where untrained and dead units sit.)
 * Of x in [0, 1] the same formula is the cross-entropy; it is then no density (Loaiza-Ganem & Cunningham 2019).
 */
import type { Distribution } from "../contracts/distribution.js";
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { sumEvent } from "../tensor/mathematics.js";
import { stopGradient, type Tensor, tf } from "../tensor/tensor.js";
import { drawLazilyScored } from "./lazily-scored.js";

export class Bernoulli implements Distribution {
  readonly family = "bernoulli";
  readonly discrete = true;
  readonly batchShape: Shape;
  readonly eventShape: Shape;

  /** `eventRank`: how many of the last axes are one event. */
  constructor(
    readonly logits: Tensor,
    private readonly eventRank = 1,
  ) {
    this.batchShape = logits.shape.slice(0, logits.rank - eventRank);
    this.eventShape = logits.shape.slice(logits.rank - eventRank);
  }

  mean(): Tensor {
    return tf.sigmoid(this.logits);
  }

  mode(): Tensor {
    return tf.cast(tf.greater(this.logits, 0), "float32");
  }

  variance(): Tensor {
    const mean = this.mean();
    return tf.mul(mean, tf.sub(1, mean));
  }

  /** Draws zeros and ones; not reparameterized. */
  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    const uniform = noise.uniform(site, [...sampleShape, ...this.logits.shape]);
    return tf.cast(tf.less(uniform, this.mean()), "float32");
  }

  sampleAndLogProb(noise: Noise, site: string, sampleShape: Shape): { value: Tensor; logProb: Tensor } {
    return drawLazilyScored(this, this.sample(noise, site, sampleShape));
  }

  logProb(value: Tensor): Tensor {
    return sumEvent(this.logProbElements(value), this.eventRank);
  }

  logProbElements(value: Tensor): Tensor {
    return tf.sub(tf.mul(this.logits, value), tf.softplus(this.logits));
  }

  /** KL(this || other) by event element, in closed form. */
  klElements(other: Bernoulli): Tensor {
    const difference = tf.mul(this.mean(), tf.sub(this.logits, other.logits));
    return tf.sub(tf.add(difference, tf.softplus(other.logits)), tf.softplus(this.logits));
  }

  detached(): Bernoulli {
    return new Bernoulli(stopGradient(this.logits), this.eventRank);
  }

  withBatch(batchShape: Shape): Bernoulli {
    return new Bernoulli(tf.reshape(this.logits, [...batchShape, ...this.eventShape]), this.eventRank);
  }
}
