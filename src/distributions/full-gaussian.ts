/**
 * N(m, L L'), L lower triangular with the diagonal exp(l): ln p(x) = -1/2 [D ln 2 pi + |L^-1 (x - m)|^2] - sum_d l_d. The event may
 * have any shape; its D elements are correlated in the order of its axes. Draws are reparameterized: m + L eps.
 * Source: Kingma & Welling 2019, section 2.5.1.
 */
import type { Distribution } from "../contracts/distribution.js";
import { type Shape, sizeOf } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { LOG_2PI } from "../tensor/mathematics.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { applyMatrix, diagonalMatrix, strictlyLower, triangularInverse } from "../tensor/triangular.js";
import { Batched } from "./batched.js";
import type { DiagonalGaussian } from "./diagonal-gaussian.js";

export class FullGaussian extends Batched implements Distribution {
  readonly family = "full-gaussian";
  readonly batchShape: Shape;
  private readonly size: number;

  /**
   * @param location m, [...batch, D]
   * @param logScales l, [...batch, D]
   * @param below L below its diagonal, 0 elsewhere, [...batch, D, D]
   */
  constructor(
    private readonly location: Tensor,
    private readonly logScales: Tensor,
    private readonly below: Tensor,
    readonly eventShape: Shape = [location.shape.at(-1)!],
  ) {
    super();
    this.batchShape = location.shape.slice(0, -1);
    this.size = sizeOf(eventShape);
  }

  /** L, [...batch, D, D]. */
  factor(): Tensor {
    return tf.add(this.below, diagonalMatrix(tf.exp(this.logScales)));
  }

  mean(): Tensor {
    return this.shaped(this.location);
  }

  variance(): Tensor {
    return this.shaped(tf.sum(tf.square(this.factor()), -1));
  }

  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    return this.place(this.draw(noise, site, sampleShape));
  }

  /** `logProb` is computed on first read, without an inverse. */
  sampleAndLogProb(noise: Noise, site: string, sampleShape: Shape): { value: Tensor; logProb: Tensor } {
    const epsilon = this.draw(noise, site, sampleShape);
    const logProb = (): Tensor => this.density(epsilon);
    return {
      value: this.place(epsilon),
      get logProb() {
        return logProb();
      },
    };
  }

  logProb(value: Tensor): Tensor {
    const x = tf.reshape(value, [...value.shape.slice(0, value.rank - this.eventShape.length), this.size]);
    return this.density(applyMatrix(this.inverse(), tf.sub(x, this.location)));
  }

  /** KL(this || other) in closed form, [...batch]. */
  kl(other: FullGaussian): Tensor {
    return other.klFrom(this.location, this.factor(), tf.sum(this.logScales, -1));
  }

  /** KL(this || other) for independent elements of other. */
  klToDiagonal(other: DiagonalGaussian): Tensor {
    const logVariance = flattened(other, other.logVariance);
    const precision = tf.exp(tf.neg(logVariance));
    const shift = tf.square(tf.sub(this.location, flattened(other, other.mean())));
    const variance = tf.sum(tf.square(this.factor()), -1);
    const squares = tf.sum(tf.mul(tf.add(variance, shift), precision), -1);
    const logRatio = tf.sub(tf.sum(tf.mul(logVariance, 0.5), -1), tf.sum(this.logScales, -1));
    return tf.add(tf.mul(tf.sub(squares, this.size), 0.5), logRatio);
  }

  /** KL(other || this) for independent elements of other. */
  klFromDiagonal(other: DiagonalGaussian): Tensor {
    const logScales = tf.mul(flattened(other, other.logVariance), 0.5);
    return this.klFrom(flattened(other, other.mean()), diagonalMatrix(tf.exp(logScales)), tf.sum(logScales, -1));
  }

  /** KL(N(mean, factor factor') || this), from ln det factor: 1/2 [|L^-1 factor|^2 + |L^-1 (mean - m)|^2 - D] + ln det L - ln det factor. */
  private klFrom(mean: Tensor, factor: Tensor, logDeterminant: Tensor): Tensor {
    const inverse = this.inverse();
    const trace = tf.sum(tf.square(tf.matMul(inverse, factor)), [-2, -1]);
    const shift = tf.sum(tf.square(applyMatrix(inverse, tf.sub(mean, this.location))), -1);
    const logRatio = tf.sub(tf.sum(this.logScales, -1), logDeterminant);
    return tf.add(tf.mul(tf.sub(tf.add(trace, shift), this.size), 0.5), logRatio);
  }

  private inverse(): Tensor {
    return triangularInverse(this.below, tf.exp(tf.neg(this.logScales)));
  }

  /** ln p(m + L epsilon). */
  private density(epsilon: Tensor): Tensor {
    const square = tf.sum(tf.square(epsilon), -1);
    return tf.sub(tf.mul(tf.add(square, this.size * LOG_2PI), -0.5), tf.sum(this.logScales, -1));
  }

  private draw(noise: Noise, site: string, sampleShape: Shape): Tensor {
    return noise.normal(site, [...sampleShape, ...this.batchShape, this.size]);
  }

  private place(epsilon: Tensor): Tensor {
    return this.shaped(tf.add(this.location, applyMatrix(this.factor(), epsilon)));
  }

  /** [..., D] → [..., ...event]. */
  private shaped(x: Tensor): Tensor {
    return tf.reshape(x, [...x.shape.slice(0, -1), ...this.eventShape]);
  }

  protected mapped(map: (parameter: Tensor) => Tensor): this {
    return new FullGaussian(map(this.location), map(this.logScales), map(this.below), this.eventShape) as this;
  }
}

/** A parameter of independent elements, [...batch, D]. */
const flattened = ({ batchShape, eventShape }: DiagonalGaussian, parameter: Tensor): Tensor =>
  tf.reshape(tf.broadcastTo(parameter, [...batchShape, ...eventShape]), [...batchShape, sizeOf(eventShape)]);

/** What networks give: each [...batch, D], and the D (D - 1) / 2 values of L below its diagonal where D > 1. */
export interface FullGaussianVectors {
  mean: Tensor;
  logScale: Tensor;
  below?: Tensor;
}
export const fullGaussianOf = ({ mean, logScale, below }: FullGaussianVectors, eventShape: Shape): FullGaussian => {
  const size = sizeOf(eventShape);
  const matrix = below ? strictlyLower(below, size) : tf.zeros([...mean.shape, size]);
  return new FullGaussian(mean, logScale, matrix, eventShape);
};
