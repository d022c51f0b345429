/** A posterior turns an encoder's feature maps into the approximate posterior q(z | x). */
import type { Shape } from "../tensor/fields.js";
import type { ParameterScope } from "../tensor/parameters.js";
import type { Tensor } from "../tensor/tensor.js";
import type { FeatureMaps, Values } from "./call-context.js";
import type { Distribution } from "./distribution.js";

export interface PosteriorContext {
  features: Readonly<Record<string, Shape>>;
  latent: Shape;
  parameters: ParameterScope;
}
export interface Posterior {
  /** q(z | x), batchShape [N]. Reads its parameters here, so that what it returns holds tensors only. */
  at(features: FeatureMaps, context: { parents: Values; logJoint?(z: Tensor): Tensor }): Distribution;
}
