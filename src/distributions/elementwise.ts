/** What distributions of independent elements share: event axes are summed, and a draw is scored only when it is asked for. */
import type { Distribution } from "../contracts/distribution.js";
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { broadcastShape, sumEvent } from "../tensor/mathematics.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { drawLazilyScored } from "./lazily-scored.js";
import { selected } from "./selected.js";

export abstract class Elementwise implements Distribution {
  readonly batchShape: Shape;
  readonly eventShape: Shape;

  /** @param parameters which broadcast against each other. `eventRank`: how many of their last axes are one event. */
  constructor(
    parameters: readonly { readonly shape: Shape }[],
    protected readonly eventRank: number,
  ) {
    const shape = parameters.map((each) => each.shape).reduce(broadcastShape);
    this.batchShape = shape.slice(0, shape.length - eventRank);
    this.eventShape = shape.slice(shape.length - eventRank);
  }

  abstract logProbElements(value: Tensor): Tensor;

  abstract sample(noise: Noise, site: string, sampleShape: Shape): Tensor;

  sampleAndLogProb(noise: Noise, site: string, sampleShape: Shape): { value: Tensor; logProb: Tensor } {
    return drawLazilyScored(this, this.sample(noise, site, sampleShape));
  }

  logProb(value: Tensor): Tensor {
    return sumEvent(this.logProbElements(value), this.eventRank);
  }

  /** A parameter, or a function of some, as [...batch, ...event]. */
  protected whole(parameter: Tensor): Tensor {
    return tf.broadcastTo(parameter, this.drawShape([]));
  }

  /** A parameter with the batch in another arrangement. */
  protected inBatch(parameter: Tensor, batchShape: Shape): Tensor {
    return tf.reshape(this.whole(parameter), [...batchShape, ...this.eventShape]);
  }

  /** A parameter of the members along the last batch axis that a one-hot choice [..., K] selects. */
  protected ofChosen(parameter: Tensor, choice: Tensor): Tensor {
    return selected(this.whole(parameter), this.batchShape.length, choice);
  }

  protected drawShape(sampleShape: Shape): number[] {
    return [...sampleShape, ...this.batchShape, ...this.eventShape];
  }
}

/** Uniform draws in (0, 1): the engine's are multiples of 2^-23 from 0 on, and these lie halfway between. */
export const openUniform = (noise: Noise, site: string, shape: Shape): Tensor =>
  tf.add(noise.uniform(site, shape), 2 ** -24);
