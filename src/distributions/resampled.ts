/**
 * N(0, I) thinned by rejection: a proposal z is accepted with the probability a(z), and the T-th proposal in any case. With
 * Z = E[a(z)] under N(0, I) and alpha = (1 - Z)^(T - 1), the probability that T - 1 proposals are rejected,
 *
 *     p(z) = N(z; 0, I) [(1 - alpha) a(z) / Z + alpha]
 *
 * Exact given Z. All T proposals are drawn at once, so shapes are static; draws have no gradient in a.
 * Source: Bauer & Mnih 2019, equation 6 and algorithm 1.
 */
import type { Distribution } from "../contracts/distribution.js";
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { SMALLEST_NORMAL } from "../tensor/mathematics.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { DiagonalGaussian } from "./diagonal-gaussian.js";
import { drawLazilyScored } from "./lazily-scored.js";

export interface Acceptance {
  /** The log-odds of a(z): [..., ...event] → [...]. */
  logOdds(z: Tensor): Tensor;
  /** ln Z, a scalar. Called when a value is scored. */
  logMean(): Tensor;
  /** T, at least 2. */
  truncation: number;
}

export class Resampled implements Distribution {
  readonly batchShape: Shape = [];
  private readonly proposal: DiagonalGaussian;

  constructor(
    private readonly acceptance: Acceptance,
    readonly eventShape: Shape,
  ) {
    this.proposal = new DiagonalGaussian(tf.zeros([...eventShape]), tf.zeros([...eventShape]), eventShape.length);
  }

  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    const { logOdds, truncation } = this.acceptance;
    const axis = sampleShape.length;
    const proposals = this.proposal.sample(noise, `${site}/proposals`, [...sampleShape, truncation]);
    const uniform = noise.uniform(`${site}/acceptance`, [...sampleShape, truncation]);
    const accepted = tf.cast(tf.less(uniform, tf.sigmoid(logOdds(proposals))), "float32");
    const last = tf.oneHot(tf.scalar(truncation - 1, "int32"), truncation);
    const taken = tf.maximum(accepted, tf.cast(last, "float32"));
    // The first that is taken: none was before it.
    const first = tf.mul(taken, tf.cast(tf.equal(tf.cumsum(taken, axis, true), 0), "float32"));
    return tf.sum(tf.mul(tf.reshape(first, [...first.shape, ...this.eventShape.map(() => 1)]), proposals), axis);
  }

  sampleAndLogProb(noise: Noise, site: string, sampleShape: Shape): { value: Tensor; logProb: Tensor } {
    return drawLazilyScored(this, this.sample(noise, site, sampleShape));
  }

  logProb(value: Tensor): Tensor {
    const { logOdds, logMean, truncation } = this.acceptance;
    const logZ = logMean();
    const mean = tf.clipByValue(tf.exp(logZ), SMALLEST_NORMAL, 1 - 2 ** -20);
    const logAlpha = tf.mul(truncation - 1, tf.log1p(tf.neg(mean)));
    const logAccepted = tf.add(tf.log(tf.neg(tf.expm1(logAlpha))), tf.sub(tf.logSigmoid(logOdds(value)), logZ));
    const both = tf.stack([logAccepted, tf.broadcastTo(logAlpha, logAccepted.shape)], -1);
    return tf.add(this.proposal.logProb(value), tf.logSumExp(both, -1));
  }
}
