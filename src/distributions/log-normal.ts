/** Log-normal: ln x is normal with location m and scale s, so ln p(x) = -y^2/2 - 1/2 ln 2 pi - ln s - ln x, y = (ln x - m) / s. */
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { LOG_2PI, SMALLEST_NORMAL } from "../tensor/mathematics.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { Elementwise } from "./elementwise.js";

export class LogNormal extends Elementwise {
  /** Location and log-scale of ln x broadcast against each other. */
  constructor(
    private readonly location: Tensor,
    private readonly logScale: Tensor,
    eventRank = 1,
  ) {
    super([location, logScale], eventRank);
  }

  private get squaredScale(): Tensor {
    return tf.exp(tf.mul(this.logScale, 2));
  }

  mean(): Tensor {
    return this.whole(tf.exp(tf.add(this.location, tf.div(this.squaredScale, 2))));
  }

  variance(): Tensor {
    return tf.mul(tf.square(this.mean()), tf.expm1(this.squaredScale));
  }

  /** Reparameterized. Draws below the smallest normal number are that number. */
  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    const y = noise.normal(site, this.drawShape(sampleShape));
    return tf.maximum(tf.exp(tf.add(this.location, tf.mul(tf.exp(this.logScale), y))), SMALLEST_NORMAL);
  }

  /** @param value above 0 */
  logProbElements(value: Tensor): Tensor {
    const logValue = tf.log(value);
    const y = tf.mul(tf.sub(logValue, this.location), tf.exp(tf.neg(this.logScale)));
    return tf.neg(tf.add(tf.add(tf.div(tf.square(y), 2), LOG_2PI / 2), tf.add(this.logScale, logValue)));
  }
}
