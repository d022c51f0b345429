/**
 * The contract of a probability distribution. Shapes follow TensorFlow Probability: a sample is
 * [...sampleShape, ...batchShape, ...eventShape], and `logProb` of a value that broadcasts against it is
 * [...sampleShape, ...batchShape]: event axes are summed, the batch is never averaged. Nats throughout.
 */
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import type { Tensor } from "../tensor/tensor.js";

/** Where the values of a latent lie: a posterior and its prior must agree. */
export const LATENT_SUPPORTS = ["real", "positive", "sphere", "ball", "simplex", "one-hot", "binary", "codes"] as const;
export type LatentSupport = (typeof LATENT_SUPPORTS)[number];

/** KL(q || p) in closed form, in nats. Nothing is computed until a function is called. */
export interface ClosedFormKl {
  /** [...batch]. */
  total(): Tensor;
  /** [...batch, ...event], if it is a sum over event elements. */
  elements?(): Tensor;
}

/** A draw with its log-probability. */
export interface Draw<Value = Tensor> {
  value: Value;
  logProb: Tensor;
  /** The codes that the value stands for, where the prior is over those (`Posterior.codes`). */
  codes?: Tensor;
}

export interface Distribution<Value = Tensor> {
  readonly batchShape: Shape;
  readonly eventShape: Shape;
  /** The name by which the table of closed-form KLs (src/distributions/kl.ts) knows it: "diagonal-gaussian". */
  readonly family?: string;
  /** Set where there is no density with respect to Lebesgue or counting measure (a point mass): `logProb` then throws. */
  readonly singular?: true;
  /** Set where `logProb` is that of a mass (counting measure): on dequantized values it is then no density. */
  readonly discrete?: true;
  /** Set where all mass lies on one value: no number of draws then makes an importance-weighted bound tighter than the ELBO. */
  readonly certain?: true;
  /** Reparameterized where the distribution allows it. `site` names the draw: one draw a site a step. */
  sample(noise: Noise, site: string, sampleShape: Shape): Value;
  /** A flow never has to invert its own sample. */
  sampleAndLogProb(noise: Noise, site: string, sampleShape: Shape): Draw<Value>;
  logProb(value: Value): Tensor;
  /** Not summed over event axes: masks, free bits and total correlation need the parts. Absent where it does not factorize. */
  logProbElements?(value: Value): Value;
  /** Every value of a finite support, stacked on a new first axis. */
  enumerate?(): Value;
  mean?(): Value;
  /**
   * A point of the support that stands for the distribution, where the mean lies outside it (a sphere) or is not known (a ball). Codes
   * are made of it.
   */
  center?(): Value;
  /** The likeliest value of a discrete distribution. */
  mode?(): Value;
  /** Variance of each event element, [...batch, ...event]. */
  variance?(): Value;
  /** KL(this || p), if this pair has a closed form that is not in the table: for distributions of a plugin. */
  klTo?(p: Distribution<Value>): ClosedFormKl | undefined;
  /**
   * What scores this distribution's draws in the place of p, if they are no values of p: relaxed draws of a discrete latent, under
   * a prior that is relaxed as they are.
   * @throws CONTRACT if p has no such form
   */
  counterpart?(p: Distribution<Value>): Distribution<Value>;
  /**
   * ln sqrt|G| of the Riemannian metric G of the space of its values, and the gradient, at points [M, D]: [M] and [M, D]. Absent
   * where that space is flat.
   */
  logVolume?(z: Value): { value: Value; gradient: Value };
  /** The same distribution, whose parameters get no gradient (sticking the landing, doubly reparameterized gradients). */
  detached?(): Distribution<Value>;
  /** The same distributions with their batch axes in another arrangement, as many in total. */
  withBatch?(batchShape: Shape): Distribution<Value>;
}
