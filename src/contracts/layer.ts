/** A layer of an architecture that a spec writes as a list. Shapes are those of one example; tensors have N before them. */

import type { Activation } from "../tensor/activation-names.js";
import type { Shape } from "../tensor/fields.js";
import type { Initializer } from "../tensor/initializers.js";
import type { ParameterScope } from "../tensor/parameters.js";
import type { Tensor } from "../tensor/tensor.js";
import type { CallContext } from "./call-context.js";

export interface LayerContext {
  input: Shape;
  /** What the layer's `shape` makes of the input. */
  output: Shape;
  parameters: ParameterScope;
  /** Where it stands in the network, "2/0": a site of noise has it in its name. */
  name: string;
  /** What weights before an activation begin as in this network, for layers that are not told otherwise. */
  initializer(before: Activation): Initializer;
}
/** [N, ...input] → [N, ...output]. */
export type ConnectedLayer = (x: Tensor, context: CallContext) => Tensor;

/** A layer as written, not yet told what comes before it. */
export interface LayerPlan {
  /** @throws SPEC_COMBINATION where it cannot take that input */
  shape(input: Shape): Shape;
  connect(context: LayerContext): ConnectedLayer;
}
/** The shape after a list of layers. */
export type ShapeAlong = (layers: readonly LayerPlan[], input: Shape) => Shape;
