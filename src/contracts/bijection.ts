/**
 * An invertible, differentiable map of a latent: a layer of a normalizing flow. By the change of variables, y = f(x) has
 * ln p(y) = ln p(x) - ln |det df/dx|.
 */
import type { Shape } from "../tensor/fields.js";
import type { ParameterScope } from "../tensor/parameters.js";
import type { Tensor } from "../tensor/tensor.js";
import type { CallContext } from "./call-context.js";

export interface BijectionContext {
  /** One example's shape, of input and output. */
  shape: Shape;
  /** Shape of what the map is conditioned on, such as the encoder's features. Without it the map is the same for every example. */
  features?: Shape;
  parameters: ParameterScope;
}
export interface BijectionCall {
  call: CallContext;
  /** [N, ...features], where the context announces features. */
  features?: Tensor;
}
export interface Mapped {
  /** [..., N, ...shape]; [..., ...shape] without features. */
  value: Tensor;
  /** ln |det| of the Jacobian of this direction, in nats; broadcasts against the value's axes before `shape`. */
  logDet: Tensor;
}
export interface Transform {
  forward(x: Tensor): Mapped;
  /** The other direction: forward(inverse(y)) = y. Present where the definition declares "invertible". */
  inverse?(y: Tensor): Mapped;
}
export interface Bijection {
  /** Reads its parameters here, so that what it returns holds tensors only. */
  at(context: BijectionCall): Transform;
}
