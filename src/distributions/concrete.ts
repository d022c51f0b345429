/**
 * Concrete distributions: categories relaxed to the inside of the simplex, z = softmax((ln p + g) / t) with g Gumbel noise, on the last
 * axis of an event (Maddison, Mnih & Teh 2017, equations 8 and 9; Jang, Gu & Poole 2017). With l = ln z,
 *
 *     ln p(z) = ln Gamma(K) + (K - 1) ln t + sum_k (ln p_k - t l_k) - K ln sum_k exp(ln p_k - t l_k) - sum_k l_k
 *
 * a density in the first K - 1 coordinates. Draws are reparameterized, and their largest element has the frequencies p at any t.
 */
import type { Distribution } from "../contracts/distribution.js";
import { VaelabError } from "../errors.js";
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { logNormalize, SMALLEST_NORMAL, sumEvent } from "../tensor/mathematics.js";
import { type Scalar, stopGradient, type Tensor, tf } from "../tensor/tensor.js";
import type { Categorical } from "./categorical.js";
import { openUniform } from "./elementwise.js";
import { drawLazilyScored } from "./lazily-scored.js";

export class Concrete implements Distribution {
  readonly family = "concrete";
  readonly batchShape: Shape;
  readonly eventShape: Shape;

  /** @param logProbabilities [..., K], normalized over the last axis */
  constructor(
    private readonly logProbabilities: Tensor,
    private readonly temperature: Scalar,
    private readonly eventRank = 1,
  ) {
    const { shape, rank } = logProbabilities;
    this.batchShape = shape.slice(0, rank - eventRank);
    this.eventShape = shape.slice(rank - eventRank);
  }

  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    const uniform = openUniform(noise, site, [...sampleShape, ...this.logProbabilities.shape]);
    const gumbel = tf.neg(tf.log(tf.neg(tf.log(uniform))));
    return tf.exp(logNormalize(tf.div(tf.add(this.logProbabilities, gumbel), this.temperature)));
  }

  sampleAndLogProb(noise: Noise, site: string, sampleShape: Shape): { value: Tensor; logProb: Tensor } {
    return drawLazilyScored(this, this.sample(noise, site, sampleShape));
  }

  logProb(value: Tensor): Tensor {
    const K = this.eventShape.at(-1)!;
    const logs = tf.log(tf.maximum(value, SMALLEST_NORMAL));
    const terms = tf.sub(this.logProbabilities, tf.mul(this.temperature, logs));
    const elements = tf.sum(tf.sub(terms, logs), -1);
    const logGamma = Array.from({ length: K - 1 }, (_, k) => Math.log(k + 1)).reduce((sum, each) => sum + each, 0);
    const constant = tf.add(tf.mul(K - 1, tf.log(this.temperature)), logGamma);
    const byVariable = tf.add(tf.sub(elements, tf.mul(K, tf.logSumExp(terms, -1))), constant);
    return sumEvent(byVariable, this.eventRank - 1);
  }

  /** A categorical p, relaxed at the same temperature. */
  counterpart(p: Distribution): Concrete {
    if (p.family !== "categorical")
      throw new VaelabError("CONTRACT", {
        message: "relaxed one-hot draws need a categorical prior, whose relaxed form scores them",
        remedy: 'Use the prior "categorical", or set "straightThrough" to true.',
      });
    return new Concrete((p as Categorical).logProbabilities, this.temperature, this.eventRank);
  }

  detached(): Concrete {
    return new Concrete(stopGradient(this.logProbabilities), stopGradient(this.temperature), this.eventRank);
  }

  withBatch(batchShape: Shape): Concrete {
    const reshaped = tf.reshape(this.logProbabilities, [...batchShape, ...this.eventShape]);
    return new Concrete(reshaped, this.temperature, this.eventRank);
  }
}
