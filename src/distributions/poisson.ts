/** Poisson by ln of its mean. */
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { Elementwise } from "./elementwise.js";
import { logPoisson } from "./log-poisson.js";
import { poissonDraws } from "./poisson-draws.js";

export class Poisson extends Elementwise {
  readonly discrete = true;

  constructor(
    private readonly logMean: Tensor,
    eventRank = 1,
  ) {
    super([logMean], eventRank);
  }

  mean(): Tensor {
    return tf.exp(this.logMean);
  }

  variance(): Tensor {
    return this.mean();
  }

  /** Not reparameterized; NaN where the mean exceeds 2^23. */
  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    return poissonDraws(noise, site, this.mean(), this.drawShape(sampleShape));
  }

  logProbElements(value: Tensor): Tensor {
    return logPoisson(value, this.logMean);
  }
}
