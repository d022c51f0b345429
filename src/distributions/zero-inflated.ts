/**
 * Counts that are 0 with probability p = sigmoid(a), and otherwise follow another distribution q of independent elements:
 * P(0) = p + (1 - p) q(0), P(x) = (1 - p) q(x) for x > 0.
 */
import type { Distribution } from "../contracts/distribution.js";
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { Elementwise } from "./elementwise.js";

export type Counts = Distribution & Required<Pick<Distribution, "logProbElements" | "mean" | "variance">>;

export class ZeroInflated extends Elementwise {
  readonly discrete = true;

  /** @param logits a of the zeros, [...batch, ...event] as `counts` */
  constructor(
    private readonly counts: Counts,
    private readonly logits: Tensor,
    eventRank = 1,
  ) {
    super([logits, { shape: [...counts.batchShape, ...counts.eventShape] }], eventRank);
  }

  mean(): Tensor {
    return tf.mul(tf.sigmoid(tf.neg(this.logits)), this.counts.mean());
  }

  variance(): Tensor {
    const squaredMean = tf.mul(tf.sigmoid(this.logits), tf.square(this.counts.mean()));
    return tf.mul(tf.sigmoid(tf.neg(this.logits)), tf.add(this.counts.variance(), squaredMean));
  }

  /** Not reparameterized. */
  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    const isCounted = tf.greaterEqual(
      noise.uniform(`${site}/zero`, this.drawShape(sampleShape)),
      tf.sigmoid(this.logits),
    );
    return tf.mul(tf.cast(isCounted, "float32"), this.counts.sample(noise, `${site}/count`, sampleShape));
  }

  logProbElements(value: Tensor): Tensor {
    const none = this.counts.logProbElements(tf.zerosLike(value));
    // ln(exp(a) + q(0)), the sum over both ways to be 0.
    const zero = tf.add(none, tf.softplus(tf.sub(this.logits, none)));
    const counted = this.counts.logProbElements(value);
    return tf.sub(tf.where(tf.less(value, 1), zero, counted), tf.softplus(this.logits));
  }
}
