/** An encoder maps the fields that it sees to feature maps: [N, ...field] → [N, ...feature map]. */
import type { FieldSchemas, Fields, Shape } from "../tensor/fields.js";
import type { ParameterScope } from "../tensor/parameters.js";
import type { CallContext, FeatureMaps } from "./call-context.js";

export interface EncoderContext {
  /** The fields that this encoder sees: the modeled one, and what it is conditioned on. Categories come as numbers. */
  inputs: FieldSchemas;
  parameters: ParameterScope;
}
export interface Encoder {
  /** Shapes of the feature maps, one example each. */
  readonly features: Readonly<Record<string, Shape>>;
  encode(fields: Fields, context: CallContext): FeatureMaps;
}
