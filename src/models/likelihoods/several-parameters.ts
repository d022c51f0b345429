/** Several parameters for each element of a field, decoded side by side along the last axis: as channels, for an image. */
import type { Shape } from "../../tensor/fields.js";
import { type Tensor, tf } from "../../tensor/tensor.js";

export interface SeveralParameters {
  /** One example's shape of what the decoder outputs. */
  outputs: Shape;
  /** [..., ...outputs] → `count` tensors [..., ...shape]. */
  split(decoded: Tensor): Tensor[];
}

/** @param shape of the field, of rank 1 at least if `count` exceeds 1: [height, width, channels] → [height, width, count channels]. */
export const severalParameters = (shape: Shape, count: number): SeveralParameters =>
  count === 1
    ? { outputs: shape, split: (decoded) => [decoded] }
    : {
        outputs: [...shape.slice(0, -1), count * shape.at(-1)!],
        split: (decoded) => tf.split(decoded, count, decoded.rank - 1),
      };
