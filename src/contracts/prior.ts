/** A prior p(z), or p(z | parents): the same object is trained, scored and sampled from. */
import type { FieldSchemas, Fields, Shape } from "../tensor/fields.js";
import type { ParameterScope } from "../tensor/parameters.js";
import type { Tensor } from "../tensor/tensor.js";
import type { CallContext, Values } from "./call-context.js";
import type { Distribution } from "./distribution.js";
import type { LabelCounts } from "./head.js";

export interface PriorContext {
  latent: Shape;
  /** What the prior is conditioned on, by name: one example's shape. Only a prior with the capability "conditional" gets any. */
  parents?: Readonly<Record<string, Shape>>;
  /** The fields that the encoder sees: what a pseudo-input looks like. */
  inputs: FieldSchemas;
  parameters: ParameterScope;
  /** Counts of the label that the latent stands for, over the training examples that have it. */
  labels?: () => LabelCounts;
  /** Training examples chosen by the run's seed, row after row, to begin pseudo-inputs or centers from. */
  examples(count: number): Readonly<Record<string, Float32Array>>;
  /** The rows of the training split that these examples are. */
  exampleRows(count: number): Int32Array;
}
export interface PriorCall {
  parents: Values;
  encode(fields: Fields): Distribution;
  call: CallContext;
  /** In training: the rows of the training split that the batch consists of, int32 [B], where the prior scores their latents. */
  index?: Tensor;
}
export interface Prior {
  /**
   * p(z | parents), batchShape [] where it depends on nothing, else that of the parents' leading axes: [...batch, ...shape] → [...batch].
   * `encode` is the model's own q( . | x), called at pseudo-inputs.
   */
  at(context: PriorCall): Distribution;
  /**
   * Values that parameters of it begin from instead of those of their initializers, by name (`Parameter.name`). Called once, before
   * training: `encode` is q( . | x) by the weights that the model begins with, a warm start included. Nothing can be drawn here.
   */
  initialize?(encode: PriorCall["encode"]): Readonly<Record<string, Tensor>>;
}
