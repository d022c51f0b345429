/** A posterior turns an encoder's feature maps into the approximate posterior q(z | x). */
import type { Shape } from "../tensor/fields.js";
import type { ParameterScope } from "../tensor/parameters.js";
import type { Tensor } from "../tensor/tensor.js";
import type { CallContext, FeatureMaps, Values } from "./call-context.js";
import type { Distribution } from "./distribution.js";

export interface PosteriorContext {
  features: Readonly<Record<string, Shape>>;
  latent: Shape;
  parameters: ParameterScope;
}
export interface PosteriorCall {
  /** Values of the latents that q is conditioned on, [N, ...] by name. */
  parents: Values;
  call: CallContext;
  /**
   * ln p(x, z) up to what does not depend on z, for posteriors with the capability "joint": values [S * N, ...latent], the examples
   * innermost, → [S * N]. Absent at pseudo-inputs.
   */
  logJoint?(z: Tensor): Tensor;
}
export interface Posterior {
  /** q(z | x), batchShape [N]. Reads its parameters here, so that what it returns holds tensors only. */
  at(features: FeatureMaps, context: PosteriorCall): Distribution;
}
