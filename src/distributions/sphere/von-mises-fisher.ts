/**
 * Von Mises-Fisher: p(z) proportional to exp(k m' z) on the unit sphere. Its normalizer and its mean are Bessel functions of order
 * D / 2 - 1 (Mardia & Jupp 2000, section 9.3.2). Heights are drawn by rejection (Wood 1994; Davidson et al. 2018, algorithm 1): with
 *
 *     b = (D - 1) / (2 k + sqrt(4 k^2 + (D - 1)^2)),  e ~ Beta((D - 1) / 2, (D - 1) / 2),  q = 1 - (1 - b) e
 *
 * the proposal 1 - t = 2 b e / q, 1 + t = 2 (1 - e) / q is accepted with the probability
 *
 *     exp(2 k b (1 - 2 e) / ((1 + b) q)) [(1 + b) / (2 q)]^(D - 1)
 *
 * A captured step has no loop, so 20 proposals are drawn and the first that is accepted is kept. One is accepted with a probability of
 * at least 0.657, at D = 2 and a high k; so all are rejected with a probability below 5e-10, and the last one then stands.
 */

import { scaledBessel } from "../../tensor/bessel.js";
import type { Shape } from "../../tensor/fields.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { firstAccepted } from "../first-accepted.js";
import type { Height } from "./pathwise.js";
import { type LogitDraw, RotationallySymmetric } from "./rotationally-symmetric.js";

const PROPOSALS = 20;
/** Keeps proposals off the poles, by less than float32 can tell from them. */
const EDGE = 1e-12;

export class VonMisesFisher extends RotationallySymmetric {
  readonly family = "von-mises-fisher";

  /** t - 1. */
  statistic({ gap }: Height): Tensor {
    return tf.neg(gap);
  }

  meanStatistic(concentration: Tensor): Tensor {
    return tf.neg(this.bessel(concentration).ratioDeficit);
  }

  protected logNormalizer(concentration: Tensor): Tensor {
    return tf.neg(this.bessel(concentration).logDeficit);
  }

  protected meanCosine(concentration: Tensor): Tensor {
    return tf.sub(1, this.bessel(concentration).ratioDeficit);
  }

  protected drawLogits({ noise, site, concentration, squaredNorm }: LogitDraw): Tensor {
    const m = this.dimensions - 1;
    const shape: Shape = [...squaredNorm.shape, PROPOSALS];
    const k = tf.expandDims(concentration, -1);
    const b = tf.div(m, tf.add(tf.mul(2, k), tf.sqrt(tf.add(tf.square(tf.mul(2, k)), m * m))));
    // Beta(m / 2, m / 2), by the first coordinate of a uniform direction in D dimensions (Ulrich 1984): e and 1 - e without cancellation.
    const power = m === 1 ? tf.zeros([...shape]) : tf.pow(noise.uniform(`${site}/radius`, shape), 2 / (m - 1));
    const radius = tf.sqrt(tf.sub(1, power));
    const turn = tf.mul(Math.PI, noise.uniform(`${site}/turn`, shape));
    const outside = tf.div(power, tf.mul(2, tf.add(1, radius))); // (1 - radius) / 2
    const part = (f: (x: Tensor) => Tensor): Tensor =>
      tf.maximum(tf.add(outside, tf.mul(radius, tf.square(f(turn)))), EDGE);
    const [low, high] = [part(tf.cos), part(tf.sin)];
    const q = tf.add(high, tf.mul(b, low));
    const exponent = tf.div(tf.mul(tf.mul(2, tf.mul(k, b)), tf.sub(high, low)), tf.mul(tf.add(1, b), q));
    const logAcceptance = tf.add(exponent, tf.mul(m, tf.log(tf.div(tf.add(1, b), tf.mul(2, q)))));
    const accepted = tf.less(noise.uniform(`${site}/accept`, shape), tf.exp(logAcceptance));
    return firstAccepted(tf.log(tf.div(high, tf.mul(b, low))), accepted);
  }

  protected remade(direction: Tensor, concentration: Tensor, eventRank: number): this {
    return new VonMisesFisher(direction, concentration, eventRank) as this;
  }

  private bessel(concentration: Tensor) {
    return scaledBessel(this.dimensions / 2 - 1, concentration);
  }
}
