/**
 * Beta-binomial: the count k of n trials whose probability is drawn from a beta with mean m = sigmoid(l) and concentration c,
 *
 *     ln P(k) = ln B(k + a, n - k + b) - ln B(k + 1, n - k + 1) - ln B(a, b) - ln(n + 1),   a = c m, b = c (1 - m)
 *
 * The second term is that of a uniform distribution of counts, where a = b = 1.
 */
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { logBeta } from "../tensor/special-functions.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { type BetaParameters, betaDraws, betaParameters } from "./beta-draws.js";
import { Elementwise } from "./elementwise.js";

/** Trials that are drawn at once. */
const PART = 32;

export class BetaBinomial extends Elementwise {
  readonly discrete = true;
  private readonly parameters: BetaParameters;

  /**
   * Logit of the mean and ln c broadcast against each other.
   * @param step between the values: 1 for counts, 1 / n for levels in [0, 1]
   */
  constructor(
    logitMean: Tensor,
    private readonly logConcentration: Tensor,
    private readonly trials: number,
    private readonly step: number,
    eventRank = 1,
  ) {
    super([logitMean, logConcentration], eventRank);
    this.parameters = betaParameters(logitMean, logConcentration);
  }

  mean(): Tensor {
    return this.whole(tf.mul(this.parameters.mean, this.trials * this.step));
  }

  variance(): Tensor {
    const c = tf.exp(this.logConcentration);
    const { mean: m } = this.parameters;
    const spread = tf.div(tf.add(c, this.trials), tf.add(c, 1));
    return this.whole(tf.mul(tf.mul(tf.mul(m, tf.sub(1, m)), spread), this.trials * this.step ** 2));
  }

  /** Draws the probability and then every trial: n uniform draws an element. Not reparameterized. */
  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    const shape = this.drawShape(sampleShape);
    const probability = tf.expandDims(betaDraws(noise, site, this.parameters, shape), -1);
    let count = tf.zeros(shape);
    for (let first = 0; first < this.trials; first += PART) {
      const uniform = noise.uniform(`${site}/trials/${first}`, [...shape, Math.min(PART, this.trials - first)]);
      count = tf.add(count, tf.sum(tf.cast(tf.less(uniform, probability), "float32"), -1));
    }
    return tf.mul(count, this.step);
  }

  /** ln P of levels; a value between two levels counts as the nearest. */
  logProbElements(value: Tensor): Tensor {
    const { a, b } = this.parameters;
    const k = tf.round(tf.div(value, this.step));
    const others = tf.sub(this.trials, k);
    const uniform = tf.add(logBeta(tf.add(k, 1), tf.add(others, 1)), Math.log(this.trials + 1));
    return tf.sub(tf.sub(logBeta(tf.add(k, a), tf.add(others, b)), logBeta(a, b)), uniform);
  }
}
