/**
 * A codebook: K vectors, each of which stands for the vectors that it is the nearest to. It is moved by a loss, or by the averages of
 * what is assigned to each code (van den Oord, Vinyals & Kavukcuoglu 2017, appendix A.1): with n_k vectors x assigned to code k,
 *
 *     N_k <- d N_k + (1 - d) n_k,   m_k <- d m_k + (1 - d) sum x,   c_k = m_k / N_k
 *
 * Both averages start at 0, so that their ratio is unbiased, and a code that nothing was assigned to stays where it is.
 */
import { normalWith, zeros } from "../tensor/initializers.js";
import type { Noise } from "../tensor/keyed-noise.js";
import type { ParameterScope } from "../tensor/parameters.js";
import { stopGradient, type Tensor, tf } from "../tensor/tensor.js";

export interface CodebookOptions {
  codes: number;
  update: "ema" | "loss";
  /** Decay of the moving averages. */
  decay: number;
  /** Codes with fewer assigned vectors in an average batch restart at a vector of the batch; without, none does. */
  restart?: number | undefined;
}
export interface Nearest {
  /** [M, K], without gradient. */
  codes: Tensor;
  /** [M, D], with the gradient of the codebook. */
  vectors: Tensor;
}
export interface Codebook {
  /** @param x [M, D] */
  nearest(x: Tensor): Nearest;
  /** The vectors of one-hot codes, [M, K] → [M, D]. */
  embed(codes: Tensor): Tensor;
  /** Moves the averages, if it is learned by these. */
  learn(x: Tensor, codes: Tensor, noise: Noise): void;
}

/** Averages below this are those of a code that is not used. */
const UNUSED = 1e-20;

const mixed = (share: Tensor, a: Tensor, b: Tensor): Tensor => tf.add(tf.mul(share, a), tf.mul(tf.sub(1, share), b));
const isTrue = (condition: Tensor): Tensor => tf.cast(condition, "float32");

export const codebook = (
  parameters: ParameterScope,
  dimensions: number,
  { codes: count, update, decay, restart = 0 }: CodebookOptions,
): Codebook => {
  const isAveraged = update === "ema";
  const vectors = parameters("vectors", [count, dimensions], normalWith(0, 1), {
    trainable: !isAveraged,
    shared: true,
  });
  const statistic = { trainable: false, shared: true };
  const counts = isAveraged ? parameters("counts", [count], zeros, statistic) : undefined;
  const sums = isAveraged ? parameters("sums", [count, dimensions], zeros, statistic) : undefined;
  const embed = (codes: Tensor): Tensor => tf.matMul(codes, vectors.value);
  return {
    embed,
    nearest: (x) => {
      const table = stopGradient(vectors.value);
      // The squared distance, without |x|^2 and with the sign turned.
      const closeness = tf.sub(tf.mul(2, tf.matMul(stopGradient(x), table, false, true)), tf.sum(tf.square(table), 1));
      const codes = tf.cast(tf.oneHot(tf.argMax(closeness, 1), count), "float32");
      return { codes, vectors: embed(codes) };
    },
    learn: (x, codes, noise) => {
      if (!counts || !sums) return;
      const seen = stopGradient(x);
      const share = tf.scalar(decay);
      const nextCounts = mixed(share, counts.value, tf.sum(codes, 0));
      const nextSums = mixed(share, sums.value, tf.matMul(codes, seen, true));
      const columns = tf.expandDims(nextCounts, 1);
      const isUsed = isTrue(tf.greater(columns, UNUSED));
      const next = mixed(isUsed, tf.div(nextSums, tf.maximum(columns, UNUSED)), vectors.value);
      if (restart === 0) {
        counts.assign(nextCounts);
        sums.assign(nextSums);
        vectors.assign(next);
        return;
      }
      const isDead = isTrue(tf.less(nextCounts, restart));
      const deadRows = tf.expandDims(isDead, 1);
      const row = tf.floor(tf.mul(noise.uniform("restart", [count]), seen.shape[0]!));
      const fresh = tf.gather(seen, tf.cast(row, "int32"));
      counts.assign(mixed(isDead, tf.scalar(restart), nextCounts));
      sums.assign(mixed(deadRows, tf.mul(fresh, restart), nextSums));
      vectors.assign(mixed(deadRows, fresh, next));
    },
  };
};
