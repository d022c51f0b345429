/**
 * Densities on the unit sphere in R^D that depend on the cosine t = m' z of the angle to a direction m:
 *
 *     p(z) = exp(k T(t) - L(k)) / A_D,   A_D the area of the sphere, L(k) = ln E exp(k T) under the uniform distribution
 *
 * with respect to the area. T is 0 at t = 1, so nothing large cancels at a high concentration k. An event [..., D] with further axes is a
 * product of spheres. Draws are reparameterized in the direction and in the concentration; their mean lies inside the sphere.
 */
import type { Distribution } from "../../contracts/distribution.js";
import type { Shape } from "../../tensor/fields.js";
import type { Noise } from "../../tensor/keyed-noise.js";
import { sumEvent } from "../../tensor/mathematics.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { Batched } from "../batched.js";
import { logSphereArea, normalized, placedAround } from "./geometry.js";
import { type Height, heightOf, pathwiseLogits, type Tilt } from "./pathwise.js";

/** What a draw starts from. */
export interface LogitDraw {
  noise: Noise;
  site: string;
  /** k, of the shape of the draws. */
  concentration: Tensor;
  /** Squared norms of D - 1 standard normal numbers, whose direction alone the draw uses otherwise. */
  squaredNorm: Tensor;
}

export abstract class RotationallySymmetric extends Batched implements Distribution, Tilt {
  abstract readonly family: string;
  readonly batchShape: Shape;
  readonly eventShape: Shape;
  readonly dimensions: number;

  /**
   * @param direction m, unit vectors [...batch, ...event]
   * @param concentration k >= 0, [...batch, ...event without its last axis]
   */
  constructor(
    private readonly direction: Tensor,
    private readonly concentration: Tensor,
    private readonly eventRank = 1,
  ) {
    super();
    const { shape, rank } = direction;
    this.batchShape = shape.slice(0, rank - eventRank);
    this.eventShape = shape.slice(rank - eventRank);
    this.dimensions = shape.at(-1)!;
  }

  abstract statistic(height: Height): Tensor;
  abstract meanStatistic(concentration: Tensor): Tensor;
  /** L(k). */
  protected abstract logNormalizer(concentration: Tensor): Tensor;
  /** E t. */
  protected abstract meanCosine(concentration: Tensor): Tensor;
  /** Draws of ln((1 + t) / (1 - t)); their gradient is not asked for. */
  protected abstract drawLogits(draw: LogitDraw): Tensor;
  /** One of the same family. */
  protected abstract remade(direction: Tensor, concentration: Tensor, eventRank: number): this;

  /** E z, inside the sphere. */
  mean(): Tensor {
    return tf.mul(this.direction, tf.expandDims(this.meanCosine(this.concentration), -1));
  }

  center(): Tensor {
    return this.direction;
  }

  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    return this.draw(noise, site, sampleShape).value;
  }

  /** A draw is scored by its own height, which is more exact than that of its coordinates. */
  sampleAndLogProb(noise: Noise, site: string, sampleShape: Shape): { value: Tensor; logProb: Tensor } {
    const { value, height } = this.draw(noise, site, sampleShape);
    const logProb = (): Tensor => this.density(height);
    return {
      value,
      get logProb() {
        return logProb();
      },
    };
  }

  /** @param value unit vectors, for which |z - m|^2 = 2 (1 - t). */
  logProb(value: Tensor): Tensor {
    const half = (x: Tensor): Tensor => tf.mul(tf.sum(tf.square(x), -1), 0.5);
    return this.density({ gap: half(tf.sub(value, this.direction)), rest: half(tf.add(value, this.direction)) });
  }

  /** KL(this || uniform) in closed form, [...batch]: k E T - L(k). */
  klToUniform(): Tensor {
    const k = this.concentration;
    return this.summed(tf.sub(tf.mul(k, this.meanStatistic(k)), this.logNormalizer(k)));
  }

  private density(height: Height): Tensor {
    const k = this.concentration;
    const tilted = tf.sub(tf.mul(k, this.statistic(height)), this.logNormalizer(k));
    return this.summed(tf.sub(tilted, logSphereArea(this.dimensions)));
  }

  private draw(noise: Noise, site: string, sampleShape: Shape): { value: Tensor; height: Height } {
    const shape = [...sampleShape, ...this.concentration.shape];
    const tangent = noise.normal(site, [...shape, this.dimensions - 1]);
    const squaredNorm = tf.sum(tf.square(tangent), -1);
    const draw = (concentration: Tensor): Tensor => this.drawLogits({ noise, site, concentration, squaredNorm });
    const logit = pathwiseLogits(tf.broadcastTo(this.concentration, shape), draw, this);
    const height = heightOf(logit);
    const sine = tf.sqrt(tf.mul(height.gap, height.rest));
    const cosine = tf.tanh(tf.mul(logit, 0.5));
    return { value: placedAround(this.direction, normalized(tangent), cosine, sine), height };
  }

  /** Over the spheres of an event. */
  private summed(x: Tensor): Tensor {
    return sumEvent(x, this.eventRank - 1);
  }

  protected mapped(map: (parameter: Tensor) => Tensor): this {
    return this.remade(map(this.direction), map(this.concentration), this.eventRank);
  }
}
