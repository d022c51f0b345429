/**
 * Dropout: in training, sets each element to 0 with probability `rate` and divides the others by 1 - rate, so the expectation
 * stays the same (Srivastava et al. 2014, section 10, scaled in training). Outside training it is the identity.
 */
import { tf } from "../tensor/tensor.js";
import type { CalledLayer } from "./layer.js";

/** @param site name of the draw within a call of the network, unique to this layer. */
export const dropout =
  (rate: number, site: string): CalledLayer =>
  (x, { training, noise }) => {
    if (!training || rate === 0) return x;
    const kept = tf.cast(tf.greaterEqual(noise.uniform(site, x.shape), rate), "float32");
    return tf.mul(x, tf.div(kept, 1 - rate));
  };
