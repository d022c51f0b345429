/**
 * A base distribution pushed through a chain of transforms, y = f_K(... f_1(x)): ln p(y) = ln p(x) - sum_k ln |det df_k|. A draw is
 * scored on its way forward and never inverted; any other value is scored through the inverses, where all transforms have one.
 */
import type { Mapped, Transform } from "../contracts/bijection.js";
import type { Distribution } from "../contracts/distribution.js";
import { VaelabError } from "../errors.js";
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { chain } from "./chain.js";

export class Flow implements Distribution {
  readonly batchShape: Shape;
  readonly eventShape: Shape;
  readonly singular?: true;

  /** @param transforms from the base on; conditioned ones have the batch of the base */
  constructor(
    private readonly base: Distribution,
    private readonly transforms: readonly Transform[],
  ) {
    this.batchShape = base.batchShape;
    this.eventShape = base.eventShape;
    if (base.singular) this.singular = true;
  }

  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    return this.forward(this.base.sample(noise, site, sampleShape)).value;
  }

  sampleAndLogProb(noise: Noise, site: string, sampleShape: Shape): { value: Tensor; logProb: Tensor } {
    const drawn = this.base.sampleAndLogProb(noise, site, sampleShape);
    const { value, logDet } = this.forward(drawn.value);
    return {
      value,
      get logProb() {
        return tf.sub(drawn.logProb, logDet);
      },
    };
  }

  /** @throws CONTRACT if a transform has no inverse */
  logProb(value: Tensor): Tensor {
    const inverses = this.transforms.map(({ inverse }) => {
      if (inverse) return inverse;
      throw new VaelabError("CONTRACT", {
        message: "this flow has no inverse, so only its own draws have a log-probability",
        remedy: "Ask for the capability `evaluable` first, or use bijections that are `invertible`.",
      });
    });
    const shape = [...this.batchShape, ...this.eventShape];
    // Conditioned transforms need the whole batch: [S, B, 1, ...event] against [K] is [S, B, K, ...event].
    const whole = tf.broadcastTo(value, tf.backend_util.assertAndGetBroadcastShape(value.shape, shape));
    const { value: x, logDet } = chain(inverses.reverse(), whole);
    return tf.add(this.base.logProb(x), logDet);
  }

  private forward(x: Tensor): Mapped {
    return chain(
      this.transforms.map(({ forward }) => forward),
      x,
    );
  }
}
