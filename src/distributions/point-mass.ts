/** All mass on one value: the code of a plain autoencoder. It has no density, so it has no log-probability and no KL. */
import type { Distribution } from "../contracts/distribution.js";
import { VaelabError } from "../errors.js";
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { type Tensor, tf } from "../tensor/tensor.js";

export class PointMass implements Distribution {
  readonly singular = true;
  readonly batchShape: Shape;
  readonly eventShape: Shape;

  /** `eventRank`: how many of the last axes are one event. */
  constructor(
    private readonly value: Tensor,
    eventRank = 1,
  ) {
    this.batchShape = value.shape.slice(0, value.rank - eventRank);
    this.eventShape = value.shape.slice(value.rank - eventRank);
  }

  mean(): Tensor {
    return this.value;
  }

  /** Draws no noise. */
  sample(_noise: Noise, _site: string, sampleShape: Shape): Tensor {
    return tf.broadcastTo(this.value, [...sampleShape, ...this.value.shape]);
  }

  /** @throws CONTRACT when `logProb` is read. */
  sampleAndLogProb(noise: Noise, site: string, sampleShape: Shape): { value: Tensor; logProb: Tensor } {
    const logProb = (): Tensor => this.logProb();
    return {
      value: this.sample(noise, site, sampleShape),
      get logProb() {
        return logProb();
      },
    };
  }

  /** @throws CONTRACT always. */
  logProb(): Tensor {
    throw new VaelabError("CONTRACT", {
      message: "a point mass has no density, so it has no log-probability and no KL",
      remedy: "Ask for `singular` first, or use a posterior with a density.",
    });
  }
}
