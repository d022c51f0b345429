/** Several parameters for each element of a field, decoded side by side along the last axis: as channels, for an image. */
import type { Shape } from "../../tensor/fields.js";
import { type Tensor, tf } from "../../tensor/tensor.js";

export interface SeveralParameters {
  /** One example's shape of what the decoder outputs. */
  outputs: Shape;
  /** [..., ...outputs] → `count` tensors [..., ...shape]. */
  split(decoded: Tensor): Tensor[];
}

/** As many parameters that belong together, such as the logits of categories: those of one element lie side by side. */
export interface StackedParameters {
  /** One example's shape of what the decoder outputs. */
  outputs: Shape;
  /** [..., ...outputs] → [..., ...shape, count]. */
  stack(decoded: Tensor): Tensor;
}

const outputsOf = (shape: Shape, count: number): Shape => [...shape.slice(0, -1), count * (shape.at(-1) ?? 1)];
/** The axes of samples and batch. */
const leadingOf = (decoded: Tensor, shape: Shape): Shape =>
  decoded.shape.slice(0, decoded.rank - Math.max(1, shape.length));

/** @param shape of the field: [height, width, channels] → [height, width, count channels]; a single number → [count]. */
export const severalParameters = (shape: Shape, count: number): SeveralParameters =>
  count === 1
    ? { outputs: shape, split: (decoded) => [decoded] }
    : {
        outputs: outputsOf(shape, count),
        split: (decoded) =>
          tf
            .split(decoded, count, decoded.rank - 1)
            .map((each) => (shape.length > 0 ? each : tf.reshape(each, [...leadingOf(decoded, shape)]))),
      };

/** @param shape of the field: [height, width, channels] → [height, width, channels count]; a single number → [count]. */
export const stackedParameters = (shape: Shape, count: number): StackedParameters => ({
  outputs: outputsOf(shape, count),
  stack: (decoded) => tf.reshape(decoded, [...leadingOf(decoded, shape), ...shape, count]),
});
