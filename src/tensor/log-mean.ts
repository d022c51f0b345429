/**
 * ln of a positive mean from a network's output a: a itself up to |a| = 20, and sign(a) (20 + ln(1 + |a| - 20)) beyond. The mean is exp(a)
 * wherever data lie. Beyond it grows linearly, because exp would overflow at the first steps of training, where a may be anything.
 */
import { type Tensor, tf } from "./tensor.js";

const BORDER = 20;

export const logMeanOf = (output: Tensor): Tensor => {
  const within = tf.clipByValue(output, -BORDER, BORDER);
  const beyond = tf.sub(output, within);
  return tf.add(within, tf.mul(tf.sign(beyond), tf.log1p(tf.abs(beyond))));
};
