/**
 * Draws of a base distribution, moved by leapfrog steps of Hamiltonian dynamics under U(z) = -ln p(x, z), with a momentum that is
 * cooled from the inverse temperature b_0 to 1 (Caterini et al. 2018, section 3 and appendix A):
 *
 *     rho <- rho - step / 2 dU(z)        z <- z + step rho        rho <- rho - step / 2 dU(z)        rho <- sqrt(b_{k-1} / b_k) rho
 *     1 / sqrt(b_k) = (1 - 1 / sqrt(b_0)) k^2 / K^2 + 1 / sqrt(b_0)
 *
 * Leapfrog keeps the volume, and cooling scales it by the factor that the density N(0, I / b_0) of the first momentum contains. With
 * rho_0 = gamma / sqrt(b_0), the log-density of a draw in the space of positions and momenta is
 *
 *     ln q_0(z_0) + ln N(gamma; 0, I) - ln N(rho_K; 0, I),
 *
 * so that p(x, z_K) over its exp is an unbiased estimate of p(x). It is not the density of z alone: that has no closed form.
 */
import type { Distribution } from "../contracts/distribution.js";
import { VaelabError } from "../errors.js";
import { type Shape, sizeOf } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { sumEvent } from "../tensor/mathematics.js";
import { type Scalar, type Tensor, tf } from "../tensor/tensor.js";

export interface Dynamics {
  /** d ln p(x, z) / dz at values [M, ...event], the examples innermost; it has a gradient itself. */
  gradient(z: Tensor): Tensor;
  /** Leapfrog steps K. */
  steps: number;
  /** Step size of each event element. */
  stepSize: Tensor;
  /** b_0, in (0, 1]. */
  inverseTemperature: Scalar;
}

export class HamiltonianDraws implements Distribution {
  readonly batchShape: Shape;
  readonly eventShape: Shape;

  /** @param base batchShape [N] */
  constructor(
    private readonly base: Distribution,
    private readonly dynamics: Dynamics,
  ) {
    this.batchShape = base.batchShape;
    this.eventShape = base.eventShape;
  }

  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    return this.sampleAndLogProb(noise, site, sampleShape).value;
  }

  sampleAndLogProb(noise: Noise, site: string, sampleShape: Shape): { value: Tensor; logProb: Tensor } {
    const drawn = this.base.sampleAndLogProb(noise, site, sampleShape);
    const { shape } = drawn.value;
    const gamma = noise.normal(`${site}/momentum`, [...shape]);
    const { z, rho } = this.moved(drawn.value, gamma);
    const half = (x: Tensor): Tensor => tf.mul(sumEvent(tf.square(x), this.eventShape.length), 0.5);
    return {
      value: z,
      get logProb() {
        return tf.add(drawn.logProb, tf.sub(half(rho), half(gamma)));
      },
    };
  }

  logProb(): Tensor {
    throw new VaelabError("CONTRACT", {
      message: "only draws of Hamiltonian dynamics have a log-density, not any value",
      remedy: "Ask for the capability `evaluable` first.",
    });
  }

  /** [...sample, N, ...event] → the position and the momentum after K steps. */
  private moved(start: Tensor, gamma: Tensor): { z: Tensor; rho: Tensor } {
    const { gradient, steps, stepSize, inverseTemperature } = this.dynamics;
    const { shape } = start;
    const flat = [sizeOf(shape.slice(0, shape.length - this.eventShape.length)), ...this.eventShape];
    const hot = tf.rsqrt(inverseTemperature);
    /** 1 / sqrt(b_k). */
    const temperature = (k: number): Tensor => tf.add(tf.mul(tf.sub(1, hot), k ** 2 / steps ** 2), hot);
    let z = tf.reshape(start, flat);
    let rho = tf.mul(tf.reshape(gamma, flat), hot);
    let force = gradient(z);
    for (let k = 1; k <= steps; k++) {
      rho = tf.add(rho, tf.mul(force, tf.mul(stepSize, 0.5)));
      z = tf.add(z, tf.mul(stepSize, rho));
      force = gradient(z);
      rho = tf.add(rho, tf.mul(force, tf.mul(stepSize, 0.5)));
      rho = tf.mul(rho, tf.div(temperature(k), temperature(k - 1)));
    }
    return { z: tf.reshape(z, shape), rho: tf.reshape(rho, shape) };
  }
}
