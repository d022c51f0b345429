/** One of K categories as a one-hot vector, by its log-probabilities: eventShape [K]. */
import type { Distribution } from "../contracts/distribution.js";
import { oneHot } from "../nn/index.js";
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { type Tensor, tf } from "../tensor/tensor.js";

export class Categorical implements Distribution {
  readonly discrete = true;
  readonly batchShape: Shape;
  readonly eventShape: Shape;

  /** @param logProbabilities [..., K], normalized over the last axis; large and finite below where a category is ruled out. */
  constructor(private readonly logProbabilities: Tensor) {
    this.batchShape = logProbabilities.shape.slice(0, -1);
    this.eventShape = logProbabilities.shape.slice(-1);
  }

  private get categories(): number {
    return this.eventShape[0]!;
  }

  /** Draws by inverting the cumulative probabilities at one uniform each; not reparameterized. */
  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    const uniform = noise.uniform(site, [...sampleShape, ...this.batchShape, 1]);
    // A positive axis, because cumsum on cpu and wasm rejects negative ones.
    const below = tf.cumsum(tf.exp(this.logProbabilities), this.logProbabilities.rank - 1);
    const passed = tf.sum(tf.cast(tf.greaterEqual(uniform, below), "float32"), -1);
    // The sum of the probabilities may round to less than a draw.
    return oneHot(tf.minimum(passed, this.categories - 1), this.categories);
  }

  sampleAndLogProb(noise: Noise, site: string, sampleShape: Shape): { value: Tensor; logProb: Tensor } {
    const value = this.sample(noise, site, sampleShape);
    return { value, logProb: this.logProb(value) };
  }

  logProb(value: Tensor): Tensor {
    return tf.sum(tf.mul(value, this.logProbabilities), -1);
  }

  mean(): Tensor {
    return tf.exp(this.logProbabilities);
  }

  enumerate(): Tensor {
    const K = this.categories;
    const ones = this.batchShape.map(() => 1);
    return tf.broadcastTo(tf.reshape(tf.eye(K), [K, ...ones, K]), [K, ...this.batchShape, K]);
  }
}
