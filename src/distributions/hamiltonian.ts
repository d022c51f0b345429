/**
 * Draws of a base distribution, moved by K steps of Hamiltonian dynamics under U(z) = -ln p(x, z), with a momentum that is cooled from
 * the inverse temperature b_0 to 1 (Caterini et al. 2018, section 3 and appendix A):
 *
 *     rho_0 = sqrt(1 / b_0) r,  r ~ N(0, G(z_0))        (z, rho) <- step(z, rho)        rho <- sqrt(b_{k-1} / b_k) rho
 *     1 / sqrt(b_k) = (1 - 1 / sqrt(b_0)) k^2 / K^2 + 1 / sqrt(b_0)
 *
 * Steps keep the volume, and cooling scales it by the factor that the density of the first momentum contains. The log-density of a draw
 * in the space of positions and momenta is then
 *
 *     ln q_0(z_0) + ln N(r; 0, G(z_0)) - ln N(rho_K; 0, G(z_K)),
 *
 * so that p(x, z_K) over its exp is an unbiased estimate of p(x). It is not the density of z alone: that has no closed form.
 */
import type { Distribution } from "../contracts/distribution.js";
import { VaelabError } from "../errors.js";
import { type Shape, sizeOf } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { type Scalar, type Tensor, tf } from "../tensor/tensor.js";

/** A position of the dynamics and what is known there. Positions and momenta are [M, D], the examples innermost. */
export interface PhasePoint {
  readonly z: Tensor;
  /** A momentum by N(0, G(z)), of standard normal values. */
  momentum(gamma: Tensor): Tensor;
  /** ln N(rho; 0, G(z)) + D / 2 ln 2 pi, [M]. */
  logMomentum(rho: Tensor): Tensor;
  /** One step, which keeps the volume. */
  step(rho: Tensor): { point: PhasePoint; rho: Tensor };
}

export interface Dynamics {
  /** [M, D] */
  start(z: Tensor): PhasePoint;
  /** Steps K. */
  steps: number;
  /** b_0, in (0, 1]. */
  inverseTemperature: Scalar;
}

export interface LeapfrogOptions {
  /** d ln p(x, z) / dz at values [M, D], the examples innermost; it has a gradient itself. */
  gradient(z: Tensor): Tensor;
  /** Step size of each of the D elements. */
  stepSize: Tensor;
}

/** rho <- rho - step / 2 dU(z), z <- z + step rho, rho <- rho - step / 2 dU(z); momenta by N(0, I). */
export const leapfrog = ({ gradient, stepSize }: LeapfrogOptions): Dynamics["start"] => {
  const half = tf.mul(stepSize, 0.5);
  const at = (z: Tensor): PhasePoint & { kick(rho: Tensor): Tensor } => {
    const force = gradient(z);
    const kick = (rho: Tensor): Tensor => tf.add(rho, tf.mul(force, half));
    return {
      z,
      momentum: (gamma) => gamma,
      logMomentum: (rho) => tf.mul(tf.sum(tf.square(rho), 1), -0.5),
      kick,
      step: (rho) => {
        const between = kick(rho);
        const point = at(tf.add(z, tf.mul(stepSize, between)));
        return { point, rho: point.kick(between) };
      },
    };
  };
  return at;
};

export class HamiltonianDraws implements Distribution {
  readonly batchShape: Shape;
  readonly eventShape: Shape;

  readonly logVolume?: NonNullable<Distribution["logVolume"]>;

  /** @param base batchShape [N] */
  constructor(
    private readonly base: Distribution,
    private readonly dynamics: Dynamics,
    logVolume?: Distribution["logVolume"],
  ) {
    if (logVolume) this.logVolume = logVolume;
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
    const { z, logRatio } = this.moved(drawn.value, gamma);
    return {
      value: z,
      get logProb() {
        return tf.add(drawn.logProb, logRatio());
      },
    };
  }

  logProb(): Tensor {
    throw new VaelabError("CONTRACT", {
      message: "only draws of Hamiltonian dynamics have a log-density, not any value",
      remedy: "Ask for the capability `evaluable` first.",
    });
  }

  /** [...sample, N, ...event] → the position after K steps, and the log-ratio of the densities of the first momentum and the last. */
  private moved(start: Tensor, gamma: Tensor): { z: Tensor; logRatio: () => Tensor } {
    const { steps, inverseTemperature } = this.dynamics;
    const leading = start.shape.slice(0, start.shape.length - this.eventShape.length);
    const flat = [sizeOf(leading), sizeOf(this.eventShape)];
    const hot = tf.rsqrt(inverseTemperature);
    /** 1 / sqrt(b_k). */
    const temperature = (k: number): Tensor => tf.add(tf.mul(tf.sub(1, hot), k ** 2 / steps ** 2), hot);
    const first = this.dynamics.start(tf.reshape(start, flat));
    const r = first.momentum(tf.reshape(gamma, flat));
    let last = first;
    let rho = tf.mul(r, hot);
    for (let k = 1; k <= steps; k++) {
      const moved = last.step(rho);
      last = moved.point;
      rho = tf.mul(moved.rho, tf.div(temperature(k), temperature(k - 1)));
    }
    const logRatio = (): Tensor => tf.reshape(tf.sub(first.logMomentum(r), last.logMomentum(rho)), leading);
    return { z: tf.reshape(last.z, start.shape), logRatio };
  }
}
