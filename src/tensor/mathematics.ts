/** Operations on probabilities that the tensor library lacks. */
import type { Shape } from "./fields.js";
import { type Tensor, tf } from "./tensor.js";

/** ln 2 pi. */
export const LOG_2PI = Math.log(2 * Math.PI);

/** Single precision holds every integer below it. */
export const COUNTS_BELOW = 2 ** 24;

/** Smallest normal number of single precision: smaller ones may become 0. */
export const SMALLEST_NORMAL = 2 ** -126;

/** ln of the mean of exp x over one axis, as in importance-weighted estimates. */
export const logMeanExp = (x: Tensor, axis = -1): Tensor => {
  const count = x.shape[axis < 0 ? axis + x.rank : axis]!;
  return tf.sub(tf.logSumExp(x, axis), Math.log(count));
};

/** Normalizes log-probabilities so that the probabilities sum to 1 over the last axis. */
export const logNormalize = (logits: Tensor): Tensor => tf.sub(logits, tf.logSumExp(logits, -1, true));

/** Sum over the last `rank` axes: those of one event. */
export const sumEvent = (x: Tensor, rank: number): Tensor =>
  rank === 0
    ? x
    : tf.sum(
        x,
        Array.from({ length: rank }, (_, i) => x.rank - rank + i),
      );

/** The shape that two shapes broadcast to. */
export const broadcastShape = (a: Shape, b: Shape): number[] =>
  tf.backend_util.assertAndGetBroadcastShape([...a], [...b]);

/** Number of 8-bit values. */
export const LEVELS = 256;

/**
 * Bits a dimension of dequantized data x = (k + u) / levels from -log p(x) in nats: a cell of the grid has the volume
 * levels^-D, so
 *
 *     -log2 P(k) / D <= nats / (D ln 2) + log2 levels
 *
 * in expectation over u (Theis et al. 2016, section 3.1). `nats` is that of the density on [0, 1], as every figure here.
 */
export const bitsPerDimension = (nats: number, dimensions: number, levels: number = LEVELS): number =>
  nats / (dimensions * Math.LN2) + Math.log2(levels);
