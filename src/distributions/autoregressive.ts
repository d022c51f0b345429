/**
 * Categories in a fixed order, each distributed as a network of those before it says: ln p(k) = sum_l ln p(k_l | k_1, ..., k_(l-1)). Values
 * are one-hot. One pass scores all of them; a draw takes a pass for each.
 */
import type { Distribution, Draw } from "../contracts/distribution.js";
import type { CausalLogits } from "../nn/index.js";
import type { Shape } from "../tensor/fields.js";
import { sizeOf } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { logNormalize, sumEvent } from "../tensor/mathematics.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { Categorical } from "./categorical.js";
import { drawLazilyScored } from "./lazily-scored.js";

export class Autoregressive implements Distribution {
  readonly family = "autoregressive";
  readonly discrete = true;
  readonly batchShape: Shape;
  /** Defined for a single variable only. */
  readonly enumerate?: () => Tensor;
  private readonly variables: number;
  private readonly categories: number;

  /** @param eventShape [..., categories]: the variables in the order of their axes */
  constructor(
    private readonly network: CausalLogits,
    readonly eventShape: Shape,
  ) {
    this.batchShape = network.batchShape;
    this.categories = eventShape.at(-1)!;
    this.variables = sizeOf(eventShape) / this.categories;
    if (this.variables === 1) this.enumerate = () => this.first([]).enumerate!();
  }

  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    const leading = [...sampleShape, ...this.batchShape];
    let drawn = tf.expandDims(this.first(leading).sample(noise, `${site}/0`, []), -2);
    for (let l = 1; l < this.variables; l++) {
      const next = new Categorical(logNormalize(this.network.next(drawn)));
      drawn = tf.concat([drawn, tf.expandDims(next.sample(noise, `${site}/${l}`, []), -2)], -2);
    }
    return tf.reshape(drawn, [...leading, ...this.eventShape]);
  }

  sampleAndLogProb(noise: Noise, site: string, sampleShape: Shape): Draw {
    return drawLazilyScored(this, this.sample(noise, site, sampleShape));
  }

  logProb(value: Tensor): Tensor {
    const leading = value.shape.slice(0, value.rank - this.eventShape.length);
    const codes = tf.reshape(value, [...leading, this.variables, this.categories]);
    return sumEvent(tf.mul(codes, logNormalize(this.network.all(codes))), 2);
  }

  private first(leading: Shape): Categorical {
    const logProbabilities = logNormalize(this.network.next(undefined));
    return new Categorical(
      leading.length > 0 ? tf.broadcastTo(logProbabilities, [...leading, this.categories]) : logProbabilities,
    );
  }
}
