/** A posterior turns an encoder's feature maps into the approximate posterior q(z | x). */
import type { FieldSchemas, Fields, Shape } from "../tensor/fields.js";
import type { ParameterScope } from "../tensor/parameters.js";
import type { Tensor } from "../tensor/tensor.js";
import type { CallContext, FeatureMaps, Values } from "./call-context.js";
import type { Distribution } from "./distribution.js";

export interface PosteriorContext {
  features: Readonly<Record<string, Shape>>;
  latent: Shape;
  parameters: ParameterScope;
  /** The fields that the encoder sees, and labels among the latents that q is conditioned on. Absent where there are no data. */
  inputs?: FieldSchemas;
  /** Training examples chosen by the run's seed, row after row, of the same fields. Absent where there are no data. */
  examples?(count: number): Readonly<Record<string, Float32Array>>;
}
export interface PosteriorCall {
  /** Values of the latents that q is conditioned on, [N, ...] by name. */
  parents: Values;
  call: CallContext;
  /** Masks of the fields that are not all there, [N, ...] by field: 1 where a value is. Absent at pseudo-inputs. */
  observed?: Fields;
  /**
   * ln p(x, z) up to what does not depend on z, for posteriors with the capability "joint": values [S * N, ...latent], the examples
   * innermost, → [S * N]. Absent at pseudo-inputs.
   */
  logJoint?(z: Tensor): Tensor;
  /** The feature maps of other examples, for posteriors with the capability "encodes". Statistics of the encoder stay as they are. */
  encode?(fields: Fields): FeatureMaps;
}
/** Discrete codes behind the values of a latent. The prior is over the codes; networks see the values that these stand for. */
export interface Codes {
  /** One example's, one-hot on the last axis: [variables, categories]. */
  shape: Shape;
  /** The values of codes, [..., ...shape] → [..., ...latent]. Reads its parameters when it is called. */
  embed(codes: Tensor): Tensor;
}
export interface Posterior {
  /** Set where a value of the latent stands for codes: each draw of q then has `codes`. */
  readonly codes?: Codes;
  /** q(z | x), batchShape [N]. Reads its parameters here, so that what it returns holds tensors only. */
  at(features: FeatureMaps, context: PosteriorCall): Distribution;
}
