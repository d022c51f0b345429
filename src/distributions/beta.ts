/**
 * Beta by its mean m = sigmoid(l) and concentration c: a = c m, b = c (1 - m),
 *
 *     ln p(x) = (a - 1) ln x + (b - 1) ln(1 - x) - ln B(a, b)
 *
 * At 0 and 1 this is infinite if a or b is below 1, and data do hold 0 and 1. So the cells [0, e) and (1 - e, 1] at the edges share the
 * mass that the beta has there: its density is constant in each of them,
 *
 *     p(x) = e^(a - 1) (1 - e a / (a + 1))^(b - 1) / (a B(a, b))   for x < e
 *
 * to a relative error of (b e)^2 / 20, and with a and b exchanged at 1. It stays a density: it is finite and integrates to 1.
 */
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { logBeta } from "../tensor/special-functions.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { type BetaParameters, betaDraws, betaParameters } from "./beta-draws.js";
import { Elementwise } from "./elementwise.js";

export class Beta extends Elementwise {
  private readonly parameters: BetaParameters;

  /** Logit of the mean and ln c broadcast against each other. `edge`: the width e of the cells at 0 and 1. */
  constructor(
    logitMean: Tensor,
    private readonly logConcentration: Tensor,
    private readonly edge: number,
    eventRank = 1,
  ) {
    super([logitMean, logConcentration], eventRank);
    this.parameters = betaParameters(logitMean, logConcentration);
  }

  /** Mean of the beta distribution; the cells at the edges change it by less than e / 2. */
  mean(): Tensor {
    return this.whole(this.parameters.mean);
  }

  variance(): Tensor {
    const { mean: m } = this.parameters;
    return this.whole(tf.div(tf.mul(m, tf.sub(1, m)), tf.add(tf.exp(this.logConcentration), 1)));
  }

  /** Not reparameterized. */
  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    const shape = this.drawShape(sampleShape);
    const draw = betaDraws(noise, site, this.parameters, shape);
    const within = tf.mul(noise.uniform(`${site}/edge`, shape), this.edge);
    const fromBelow = tf.where(tf.less(draw, this.edge), within, draw);
    return tf.where(tf.greater(draw, 1 - this.edge), tf.sub(1, within), fromBelow);
  }

  logProbElements(value: Tensor): Tensor {
    const { edge } = this;
    const { a, b } = this.parameters;
    const x = tf.clipByValue(value, edge, 1 - edge);
    const inner = tf.add(tf.mul(tf.sub(a, 1), tf.log(x)), tf.mul(tf.sub(b, 1), tf.log1p(tf.neg(x))));
    const isFirst = tf.cast(tf.less(value, edge), "float32");
    const isLast = tf.cast(tf.greater(value, 1 - edge), "float32");
    const edges = tf.add(tf.mul(isFirst, this.edgeRatio(a, b)), tf.mul(isLast, this.edgeRatio(b, a)));
    return tf.sub(tf.add(inner, edges), logBeta(a, b));
  }

  /** ln of the density within the cell at 0 over that of the beta at its border. */
  private edgeRatio(a: Tensor, b: Tensor): Tensor {
    const center = tf.log1p(tf.neg(tf.mul(tf.div(a, tf.add(a, 1)), this.edge)));
    return tf.sub(tf.mul(tf.sub(b, 1), tf.sub(center, Math.log1p(-this.edge))), tf.log(a));
  }
}
