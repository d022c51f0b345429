/**
 * Independent categories as one-hot vectors that lie side by side along the last axis, [..., K_1 + K_2 + ...]: the categorical columns of
 * a table, or one vector at each place of a field.
 */
import type { Distribution } from "../contracts/distribution.js";
import { oneHot } from "../nn/index.js";
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { sumEvent } from "../tensor/mathematics.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { drawCodes } from "./categorical.js";
import { drawLazilyScored } from "./lazily-scored.js";

export class OneHotBlocks implements Distribution {
  readonly discrete = true;
  readonly batchShape: Shape;
  readonly eventShape: Shape;

  /**
   * @param logProbabilities by block, [...batch, ...event with K_i as last axis], each normalized over that axis
   */
  constructor(
    private readonly logProbabilities: readonly Tensor[],
    private readonly eventRank = 1,
  ) {
    const { shape } = this.joined(logProbabilities);
    this.batchShape = shape.slice(0, shape.length - eventRank);
    this.eventShape = shape.slice(shape.length - eventRank);
  }

  mean(): Tensor {
    return tf.exp(this.joined(this.logProbabilities));
  }

  /** Not reparameterized. */
  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    const draw = (each: Tensor, i: number): Tensor => {
      const categories = each.shape.at(-1)!;
      // A column may hold a single category.
      if (categories === 1) return tf.ones([...sampleShape, ...each.shape]);
      return oneHot(drawCodes(noise, `${site}/${i}`, each, sampleShape), categories);
    };
    return this.joined(this.logProbabilities.map(draw));
  }

  sampleAndLogProb(noise: Noise, site: string, sampleShape: Shape): { value: Tensor; logProb: Tensor } {
    return drawLazilyScored(this, this.sample(noise, site, sampleShape));
  }

  logProb(value: Tensor): Tensor {
    return sumEvent(this.logProbElements(value), this.eventRank);
  }

  /** The log-probability of a block stands at its 1. A mask has to hide whole blocks. */
  logProbElements(value: Tensor): Tensor {
    return tf.mul(value, this.joined(this.logProbabilities));
  }

  private joined(blocks: readonly Tensor[]): Tensor {
    return blocks.length === 1 ? blocks[0]! : tf.concat([...blocks], -1);
  }
}
