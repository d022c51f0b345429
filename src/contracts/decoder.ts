/** A decoder maps latent values, and what it is conditioned on, to the parameters of the likelihood. */
import type { FieldSchema, Shape } from "../tensor/fields.js";
import type { ParameterScope } from "../tensor/parameters.js";
import type { Tensor } from "../tensor/tensor.js";
import type { CallContext, Values } from "./call-context.js";

export interface DecoderContext {
  /** One example's shape, by site; what the decoder is conditioned on stands among them. */
  latents: Readonly<Record<string, Shape>>;
  output: Shape;
  field: FieldSchema;
  parameters: ParameterScope;
}
export interface Decoder {
  /** @param values [N, ...] by site → [N, ...output]. */
  decode(values: Values, context: CallContext): Tensor;
}
