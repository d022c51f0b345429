/** Independent categories as one-hot vectors, by their log-probabilities: eventShape [..., K], one variable where it is [K]. */
import type { Distribution } from "../contracts/distribution.js";
import { oneHot } from "../nn/index.js";
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { sumEvent } from "../tensor/mathematics.js";
import { stopGradient, type Tensor, tf } from "../tensor/tensor.js";

/**
 * Codes 0 ... K - 1, [...sampleShape, ...variables], drawn by inverting the cumulative probabilities at one uniform each.
 *
 * @param logProbabilities [...variables, K]
 */
export const drawCodes = (noise: Noise, site: string, logProbabilities: Tensor, sampleShape: Shape): Tensor => {
  const variables = logProbabilities.shape.slice(0, -1);
  const uniform = noise.uniform(site, [...sampleShape, ...variables, 1]);
  // A positive axis, because cumsum on cpu and wasm rejects negative ones.
  const below = tf.cumsum(tf.exp(logProbabilities), logProbabilities.rank - 1);
  const passed = tf.sum(tf.cast(tf.greaterEqual(uniform, below), "float32"), -1);
  // The sum of the probabilities may round to less than a draw.
  return tf.minimum(passed, logProbabilities.shape.at(-1)! - 1);
};

export class Categorical implements Distribution {
  readonly family = "categorical";
  readonly discrete = true;
  readonly batchShape: Shape;
  readonly eventShape: Shape;
  readonly enumerate?: () => Tensor;

  /** @param logProbabilities [..., K], normalized over the last axis; large and finite below where a category is ruled out. */
  constructor(
    readonly logProbabilities: Tensor,
    private readonly eventRank = 1,
  ) {
    const { shape, rank } = logProbabilities;
    this.batchShape = shape.slice(0, rank - eventRank);
    this.eventShape = shape.slice(rank - eventRank);
    if (eventRank === 1) this.enumerate = () => this.support();
  }

  private get categories(): number {
    return this.eventShape.at(-1)!;
  }

  /** Not reparameterized. */
  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    return oneHot(drawCodes(noise, site, this.logProbabilities, sampleShape), this.categories);
  }

  sampleAndLogProb(noise: Noise, site: string, sampleShape: Shape): { value: Tensor; logProb: Tensor } {
    const value = this.sample(noise, site, sampleShape);
    return { value, logProb: this.logProb(value) };
  }

  logProb(value: Tensor): Tensor {
    return sumEvent(tf.mul(value, this.logProbabilities), this.eventRank);
  }

  mean(): Tensor {
    return tf.exp(this.logProbabilities);
  }

  mode(): Tensor {
    return oneHot(tf.argMax(this.logProbabilities, -1), this.categories);
  }

  /** KL(this || other) in closed form, [...batch]. */
  kl(other: Categorical): Tensor {
    const ratio = tf.sub(this.logProbabilities, other.logProbabilities);
    return sumEvent(tf.mul(tf.exp(this.logProbabilities), ratio), this.eventRank);
  }

  detached(): Categorical {
    return new Categorical(stopGradient(this.logProbabilities), this.eventRank);
  }

  withBatch(batchShape: Shape): Categorical {
    return new Categorical(tf.reshape(this.logProbabilities, [...batchShape, ...this.eventShape]), this.eventRank);
  }

  /** Support of one variable; the joint support of several variables is their product. */
  private support(): Tensor {
    const K = this.categories;
    const ones = this.batchShape.map(() => 1);
    return tf.broadcastTo(tf.reshape(tf.eye(K), [K, ...ones, K]), [K, ...this.batchShape, K]);
  }
}
