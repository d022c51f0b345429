/** What distributions share whose parameters all begin with the axes of the batch. */
import type { Shape } from "../tensor/fields.js";
import { stopGradient, type Tensor, tf } from "../tensor/tensor.js";
import { selected } from "./selected.js";

export abstract class Batched {
  abstract readonly batchShape: Shape;

  /** One of the same kind, with other parameters. */
  protected abstract mapped(map: (parameter: Tensor) => Tensor): this;

  detached(): this {
    return this.mapped(stopGradient);
  }

  withBatch(batchShape: Shape): this {
    const { length } = this.batchShape;
    return this.mapped((parameter) => tf.reshape(parameter, [...batchShape, ...parameter.shape.slice(length)]));
  }

  /** Selects members along the last batch axis by a one-hot choice [..., K]: batchShape [...]. */
  select(choice: Tensor): this {
    return this.mapped((parameter) => selected(parameter, this.batchShape.length, choice));
  }
}
