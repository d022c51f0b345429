/**
 * Bernoulli variables relaxed to the inside of the unit interval: z = sigmoid((l + logistic noise) / t), with l the logit (Maddison,
 * Mnih & Teh 2017, appendix B). With y = ln z - ln(1 - z),
 *
 *     ln p(z) = ln t + (l - t y) - 2 softplus(l - t y) - ln z - ln(1 - z)
 *
 * Draws are reparameterized, and exceed 1/2 with the probability of a 1. They are kept 2^-24 away from 0 and 1.
 */
import type { Distribution } from "../contracts/distribution.js";
import { VaelabError } from "../errors.js";
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { type Scalar, stopGradient, type Tensor, tf } from "../tensor/tensor.js";
import type { Bernoulli } from "./bernoulli.js";
import { Elementwise, openUniform } from "./elementwise.js";

/** Half the distance of float32 numbers just below 1. */
const EDGE = 2 ** -24;

export class BinaryConcrete extends Elementwise {
  readonly family = "binary-concrete";

  constructor(
    private readonly logits: Tensor,
    private readonly temperature: Scalar,
    private readonly rank = 1,
  ) {
    super([logits], rank);
  }

  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    const uniform = openUniform(noise, site, this.drawShape(sampleShape));
    const logistic = tf.sub(tf.log(uniform), tf.log1p(tf.neg(uniform)));
    return tf.clipByValue(tf.sigmoid(tf.div(tf.add(this.logits, logistic), this.temperature)), EDGE, 1 - EDGE);
  }

  logProbElements(value: Tensor): Tensor {
    const inside = tf.clipByValue(value, EDGE, 1 - EDGE);
    const [log, logRest] = [tf.log(inside), tf.log1p(tf.neg(inside))];
    const distance = tf.sub(this.logits, tf.mul(this.temperature, tf.sub(log, logRest)));
    const density = tf.sub(tf.add(distance, tf.log(this.temperature)), tf.mul(2, tf.softplus(distance)));
    return tf.sub(density, tf.add(log, logRest));
  }

  /** A Bernoulli p, relaxed at the same temperature. */
  counterpart(p: Distribution): BinaryConcrete {
    if (p.family !== "bernoulli")
      throw new VaelabError("CONTRACT", {
        message: "relaxed binary draws need a Bernoulli prior, whose relaxed form scores them",
        remedy: 'Use the prior "bernoulli", or set "straightThrough" to true.',
      });
    return new BinaryConcrete((p as Bernoulli).logits, this.temperature, this.rank);
  }

  detached(): BinaryConcrete {
    return new BinaryConcrete(stopGradient(this.logits), stopGradient(this.temperature), this.rank);
  }

  withBatch(batchShape: Shape): BinaryConcrete {
    return new BinaryConcrete(
      tf.reshape(this.logits, [...batchShape, ...this.eventShape]),
      this.temperature,
      this.rank,
    );
  }
}
