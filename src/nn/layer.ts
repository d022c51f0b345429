/** What a layer is once it is built. */
import type { CallContext } from "../contracts/call-context.js";
import type { Tensor } from "../tensor/tensor.js";

/** [N, ...] → [N, ...]. */
export type Layer = (x: Tensor) => Tensor;
/** One that behaves otherwise in training (dropout, statistics of a batch); any `Layer` is one, too. */
export type CalledLayer = (x: Tensor, context: CallContext) => Tensor;

/** One after the other; none at all is the identity. */
export const sequence =
  (layers: readonly CalledLayer[]): CalledLayer =>
  (x, context) =>
    layers.reduce((y, layer) => layer(y, context), x);
