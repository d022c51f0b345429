/** Independent categories as codes 0 ... K - 1, by their log-probabilities. */
import { oneHot } from "../nn/index.js";
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { drawCodes } from "./categorical.js";
import { Elementwise } from "./elementwise.js";

export class CategoryCodes extends Elementwise {
  readonly discrete = true;
  private readonly categories: number;

  /** @param logProbabilities [...batch, ...event, K], normalized over the last axis */
  constructor(
    private readonly logProbabilities: Tensor,
    eventRank = 1,
  ) {
    const { shape } = logProbabilities;
    super([{ shape: shape.slice(0, -1) }], eventRank);
    this.categories = shape.at(-1)!;
  }

  /** The mean code: of use where codes are levels. */
  mean(): Tensor {
    return this.moment((code) => code);
  }

  mode(): Tensor {
    return tf.cast(tf.argMax(this.logProbabilities, -1), "float32");
  }

  variance(): Tensor {
    return tf.sub(
      this.moment((code) => code ** 2),
      tf.square(this.mean()),
    );
  }

  /** Not reparameterized. */
  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    return drawCodes(noise, site, this.logProbabilities, sampleShape);
  }

  logProbElements(value: Tensor): Tensor {
    return tf.sum(tf.mul(oneHot(value, this.categories), this.logProbabilities), -1);
  }

  private moment(of: (code: number) => number): Tensor {
    const values = tf.tensor1d(Array.from({ length: this.categories }, (_, code) => of(code)));
    return tf.sum(tf.mul(tf.exp(this.logProbabilities), values), -1);
  }
}
