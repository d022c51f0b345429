/**
 * A mixture over the last batch axis of its components: ln p(x) = ln sum_k exp(ln w_k + ln p_k(x)), by log-sum-exp. The
 * weights get gradients through `logProb`; draws are not reparameterized in them.
 */
import type { Distribution } from "../contracts/distribution.js";
import { VaelabError } from "../errors.js";
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { logNormalize } from "../tensor/mathematics.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { drawLazilyScored } from "./lazily-scored.js";

/** Components that can be selected before drawing. For others, all components are drawn and one is kept. */
interface Selectable extends Distribution {
  select(choice: Tensor): Distribution;
}
const isSelectable = (components: Distribution): components is Selectable => "select" in components;

export class Mixture implements Distribution {
  readonly batchShape: Shape;
  readonly eventShape: Shape;

  /**
   * @param logits [K] or [..., K]: log-weights up to a constant
   * @param stratified draws the components of S draws systematically: each draw has the mixture's law, and of K draws from K equal weights
   * every component has one
   */
  constructor(
    private readonly logits: Tensor,
    private readonly components: Distribution,
    private readonly stratified = false,
  ) {
    const count = components.batchShape.at(-1);
    if (count === undefined || logits.shape.at(-1) !== count) {
      throw new VaelabError("CONTRACT", {
        message: `a mixture of components [${components.batchShape}] has weights [${logits.shape}]`,
        remedy: "The last axis of both counts the components.",
      });
    }
    this.batchShape = components.batchShape.slice(0, -1);
    this.eventShape = components.eventShape;
  }

  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    const choice = this.choose(noise, site, sampleShape);
    if (isSelectable(this.components)) return this.components.select(choice).sample(noise, site, []);
    // A name of its own: components that are mixtures choose too.
    const all = this.components.sample(noise, `${site}/each`, sampleShape);
    return this.keep(choice, all);
  }

  sampleAndLogProb(noise: Noise, site: string, sampleShape: Shape): { value: Tensor; logProb: Tensor } {
    return drawLazilyScored(this, this.sample(noise, site, sampleShape));
  }

  logProb(value: Tensor): Tensor {
    const byComponent = this.components.logProb(tf.expandDims(value, value.rank - this.eventShape.length));
    return tf.logSumExp(tf.add(byComponent, logNormalize(this.logits)), -1);
  }

  mean(): Tensor {
    if (!this.components.mean)
      throw new VaelabError("CONTRACT", { message: "a mixture whose components have no mean was asked for its mean" });
    return this.keep(tf.exp(logNormalize(this.logits)), this.components.mean());
  }

  /** One-hot [...sampleShape, ...batchShape, K], by inverting the cumulative weights at one uniform draw each. */
  private choose(noise: Noise, site: string, sampleShape: Shape): Tensor {
    const uniform = this.uniform(noise, `${site}/component`, sampleShape);
    // A positive axis, because cumsum on cpu and wasm rejects negative ones.
    const below = tf.cumsum(tf.exp(logNormalize(this.logits)), this.logits.rank - 1, true);
    const passed = tf.cast(tf.greaterEqual(uniform, below), "float32");
    const next = tf.slice(passed, [...sampleShape, ...this.batchShape].map(() => 0).concat(1));
    return tf.sub(passed, tf.concat([next, tf.zerosLike(uniform)], -1));
  }

  /** [...sampleShape, ...batchShape, 1]; if stratified, the draws lie 1 / S apart on a circle that a single draw turns. */
  private uniform(noise: Noise, name: string, sampleShape: Shape): Tensor {
    const [draws = 1, ...rest] = sampleShape;
    if (!this.stratified || rest.length > 0) return noise.uniform(name, [...sampleShape, ...this.batchShape, 1]);
    const first = noise.uniform(name, [...sampleShape.map(() => 1), ...this.batchShape, 1]);
    const steps = Array.from({ length: draws }, (_, s) => s / draws);
    const turned = tf.add(first, tf.reshape(tf.tensor1d(steps), [...sampleShape, ...this.batchShape.map(() => 1), 1]));
    return tf.sub(turned, tf.floor(turned));
  }

  /** Sum over components of weights [..., K] times values [..., K, ...event]. */
  private keep(weights: Tensor, values: Tensor): Tensor {
    const spread = tf.reshape(weights, [...weights.shape, ...this.eventShape.map(() => 1)]);
    return tf.sum(tf.mul(spread, values), -1 - this.eventShape.length);
  }
}
