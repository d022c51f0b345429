/** Order along the last axis. tfjs has no gradient for topk, and none is needed: a sorted vector is its own values in another place. */
import { type Tensor, tf } from "./tensor.js";

/** Where the values of each row stand in ascending order: int32, of the shape of x. */
export const ascendingOrder = (x: Tensor): Tensor => tf.topk(tf.neg(x), x.shape.at(-1)!, true).indices;

/** The values of each row at these places of the row: two [R, n] → [R, n]. */
export const takeAlongRows = (x: Tensor, places: Tensor): Tensor => {
  const [rows, n] = x.shape as [number, number];
  const starts = tf.range(0, rows * n, n, "int32");
  const flat = tf.reshape(tf.add(places, tf.reshape(starts, [rows, 1])), [-1]);
  return tf.reshape(tf.gather(tf.reshape(x, [-1]), tf.cast(flat, "int32")), [rows, n]);
};

/** The rows of x [R, n] in ascending order. Its gradient brings each element back to where it came from. */
export const sortedRows = (x: Tensor): Tensor =>
  tf.customGrad((values, save) => {
    const order = ascendingOrder(values as Tensor);
    (save as (tensors: Tensor[]) => void)([order]);
    return {
      value: takeAlongRows(values as Tensor, order),
      gradFunc: (dy: Tensor, [saved]: Tensor[]) => takeAlongRows(dy, ascendingOrder(tf.cast(saved!, "float32"))),
    };
  })(x);
