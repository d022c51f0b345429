/**
 * ln of a positive mean from the decoder's output a: a itself up to |a| = 20, and sign(a) (20 + ln(1 + |a| - 20)) beyond. The mean is exp(a)
 * wherever data lie. Beyond it grows linearly, because exp would overflow at the first steps of training, where a may be anything.
 */
import { type Tensor, tf } from "../../tensor/tensor.js";

const BORDER = 20;

export const logMeanOf = (decoded: Tensor): Tensor => {
  const within = tf.clipByValue(decoded, -BORDER, BORDER);
  const beyond = tf.sub(decoded, within);
  return tf.add(within, tf.mul(tf.sign(beyond), tf.log1p(tf.abs(beyond))));
};
