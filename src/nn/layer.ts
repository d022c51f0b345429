/** The types of a built layer. */
import type { CallContext } from "../contracts/call-context.js";
import type { Tensor } from "../tensor/tensor.js";

/** [N, ...] → [N, ...]. */
export type Layer = (x: Tensor) => Tensor;
/** A layer that behaves differently in training (dropout, batch statistics). Every `Layer` is one. */
export type CalledLayer = (x: Tensor, context: CallContext) => Tensor;

/** Applies layers in order. No layers make the identity. */
export const sequence =
  (layers: readonly CalledLayer[]): CalledLayer =>
  (x, context) =>
    layers.reduce((y, layer) => layer(y, context), x);
