/**
 * The wrapped normal on the Poincaré ball: v ~ N(0, diag exp(2 l)) in the tangent space at the origin is transported to m, and z is the end
 * of the geodesic along it. With respect to the hyperbolic volume,
 *
 *     ln p(z) = ln N(v; 0, diag exp(2 l)) - (D - 1) ln(sinh r / r),   r = |v| the distance of z from m
 *
 * An event [..., D] with further axes is a product of balls. Draws are reparameterized. The mean has no closed form; m is the center.
 * Source: Nagano et al. 2019, algorithm 1 and equation 15; on the ball: Mathieu et al. 2019, section 3.
 */
import type { Distribution } from "../../contracts/distribution.js";
import type { Shape } from "../../tensor/fields.js";
import type { Noise } from "../../tensor/keyed-noise.js";
import { broadcastShape, LOG_2PI, sumEvent } from "../../tensor/mathematics.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { Batched } from "../batched.js";
import { bounded, exponential, fromOrigin, logarithm, logSpread } from "./geometry.js";

export class WrappedNormal extends Batched implements Distribution {
  readonly family = "wrapped-normal";
  readonly batchShape: Shape;
  readonly eventShape: Shape;

  /** @param location m, inside the unit ball, and l broadcast against each other: [...batch, ...event] */
  constructor(
    private readonly location: Tensor,
    private readonly logScale: Tensor,
    private readonly eventRank = 1,
  ) {
    super();
    const shape = broadcastShape(location.shape, logScale.shape);
    this.batchShape = shape.slice(0, shape.length - eventRank);
    this.eventShape = shape.slice(shape.length - eventRank);
  }

  center(): Tensor {
    return this.whole(this.location);
  }

  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    return exponential(this.location, this.tangent(noise, site, sampleShape));
  }

  /** A draw is scored by the tangent vector that it came from. */
  sampleAndLogProb(noise: Noise, site: string, sampleShape: Shape): { value: Tensor; logProb: Tensor } {
    const tangent = this.tangent(noise, site, sampleShape);
    const logProb = (): Tensor => this.density(tangent);
    return {
      value: exponential(this.location, tangent),
      get logProb() {
        return logProb();
      },
    };
  }

  logProb(value: Tensor): Tensor {
    return this.density(logarithm(this.location, value));
  }

  protected mapped(map: (parameter: Tensor) => Tensor): this {
    return new WrappedNormal(map(this.whole(this.location)), map(this.whole(this.logScale)), this.eventRank) as this;
  }

  private tangent(noise: Noise, site: string, sampleShape: Shape): Tensor {
    const epsilon = noise.normal(site, [...sampleShape, ...this.batchShape, ...this.eventShape]);
    return tf.mul(tf.exp(this.logScale), epsilon);
  }

  private density(tangent: Tensor): Tensor {
    const epsilon = tf.mul(tangent, tf.exp(tf.neg(this.logScale)));
    const flat = tf.sub(tf.mul(tf.add(tf.square(epsilon), LOG_2PI), -0.5), this.logScale);
    const across = tf.mul(this.eventShape.at(-1)! - 1, logSpread(tangent));
    return sumEvent(tf.sub(tf.sum(flat, -1), across), this.eventRank - 1);
  }

  private whole(parameter: Tensor): Tensor {
    return tf.broadcastTo(parameter, [...this.batchShape, ...this.eventShape]);
  }
}

/** Distance from the origin within which networks place centers. */
const FARTHEST_CENTER = 6;
/** Largest root of the sum of squared scales, about the distance of a draw from its center. With centers within 6, float32 holds draws. */
const WIDEST = 5;

/** ln of the largest scale in D dimensions. */
const logWidest = (dimensions: number): number => Math.log(WIDEST / Math.sqrt(dimensions));

/** Why a scale cannot be used in so many dimensions: one line. */
export const tooWide = (scale: number, dimensions: number): string | undefined => {
  const most = WIDEST / Math.sqrt(dimensions);
  if (scale < most) return undefined;
  return `in ${dimensions} dimensions the scale is below ${most.toFixed(2)}, because single precision cannot tell apart points that are farther from the origin, and it is ${scale}`;
};

/** The output of a network that `wrappedNormalOf` takes to this log-scale. */
export const beforeBound = (logScale: number, dimensions: number): number => {
  const bound = logWidest(dimensions);
  return bound - Math.log(Math.expm1(bound - logScale));
};

/** What networks give: any tangent vector at the origin, and any log-scales, which are smoothly kept below the largest. */
export const wrappedNormalOf = (tangent: Tensor, logScale: Tensor, eventRank: number): WrappedNormal => {
  const bound = logWidest(tangent.shape.at(-1)!);
  const kept = tf.sub(bound, tf.softplus(tf.sub(bound, logScale)));
  return new WrappedNormal(fromOrigin(bounded(tangent, FARTHEST_CENTER)), kept, eventRank);
};
