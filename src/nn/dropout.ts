/**
 * Dropout: in training each element is 0 with probability `rate`, and else divided by 1 - rate, so that its expectation
 * stays (Srivastava et al. 2014, section 10, scaled in training). Outside training it is the identity.
 */
import { tf } from "../tensor/tensor.js";
import type { CalledLayer } from "./layer.js";

/** @param site names the draw within the network's call: each dropout layer has its own. */
export const dropout =
  (rate: number, site: string): CalledLayer =>
  (x, { training, noise }) => {
    if (!training || rate === 0) return x;
    const kept = tf.cast(tf.greaterEqual(noise.uniform(site, x.shape), rate), "float32");
    return tf.mul(x, tf.div(kept, 1 - rate));
  };
