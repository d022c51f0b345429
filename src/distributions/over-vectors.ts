/** Lets a transform of vectors work on events of any shape. */
import type { Mapped, Transform } from "../contracts/bijection.js";
import { type Shape, sizeOf } from "../tensor/fields.js";
import { type Tensor, tf } from "../tensor/tensor.js";

/** @param transform of [..., D], with logDet [...]. @returns the same of [..., ...shape], D values in total */
export const overVectors = (shape: Shape, { forward, inverse }: Transform): Transform => {
  const size = sizeOf(shape);
  const along = (direction: (x: Tensor) => Mapped) => {
    if (shape.length === 1) return direction;
    return (x: Tensor): Mapped => {
      const { value, logDet } = direction(tf.reshape(x, [...x.shape.slice(0, x.rank - shape.length), size]));
      return { value: tf.reshape(value, [...value.shape.slice(0, -1), ...shape]), logDet };
    };
  };
  return { forward: along(forward), ...(inverse && { inverse: along(inverse) }) };
};
