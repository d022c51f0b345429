/** A likelihood turns the decoder's output into p(x | z), a density in nats with its constants. */
import type { FieldSchema, Shape } from "../tensor/fields.js";
import type { ParameterScope } from "../tensor/parameters.js";
import type { Tensor } from "../tensor/tensor.js";
import type { CallContext } from "./call-context.js";
import type { Distribution } from "./distribution.js";

export interface LikelihoodContext {
  field: FieldSchema;
  parameters: ParameterScope;
}
export interface Likelihood {
  /** One example's shape of what the decoder must give. */
  readonly outputs: Shape;
  /** @param parameters [...batch, ...outputs] → p(x | z), batchShape [...batch], eventShape that of the field. */
  at(parameters: Tensor, call: CallContext): Distribution;
}
