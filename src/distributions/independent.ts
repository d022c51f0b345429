/** Distributions over single numbers, side by side in a batch, as one distribution whose event is the last axes of that batch. */
import type { Distribution } from "../contracts/distribution.js";
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import type { Tensor } from "../tensor/tensor.js";
import { Elementwise } from "./elementwise.js";

export class Independent extends Elementwise {
  readonly discrete?: true;
  readonly mean?: () => Tensor;

  /** @param base of event shape []. `eventRank`: how many of its last batch axes are one event. */
  constructor(
    private readonly base: Distribution,
    eventRank: number,
    options: { discrete?: true } = {},
  ) {
    super([{ shape: base.batchShape }], eventRank);
    if (options.discrete) this.discrete = true;
    if (base.mean) this.mean = () => base.mean!();
  }

  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    return this.base.sample(noise, site, sampleShape);
  }

  logProbElements(value: Tensor): Tensor {
    return this.base.logProb(value);
  }
}
