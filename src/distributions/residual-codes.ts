/**
 * Codes in levels, each drawn given those before it: with codebooks e_l and a vector x,
 *
 *     q(k_l | k_1, ..., k_(l-1)) = softmax_k(-|r_l - e_lk|^2),   r_l = x - sum_(j<l) e_jk_j,   z = sum_l e_lk_l
 *
 * independently for each vector of the last axis. Networks see z, and what a prior scores are the codes. In training, draws are discrete
 * and have the gradient of relaxed ones (straight-through Gumbel-softmax, Jang, Gu & Poole 2017).
 */
import type { Distribution, Draw } from "../contracts/distribution.js";
import { VaelabError } from "../errors.js";
import { oneHot } from "../nn/index.js";
import { type Shape, sizeOf } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { logNormalize } from "../tensor/mathematics.js";
import { type Scalar, straightThrough, type Tensor, tf } from "../tensor/tensor.js";
import { drawCodes } from "./categorical.js";
import { openUniform } from "./elementwise.js";

/** How draws are made in training. */
export interface ResidualTraining {
  temperature: Scalar;
  /** 1 for each of M vectors of which a level is shown, else 0, [M, 1] by level; all are shown without it. */
  kept?(vectors: number): readonly Tensor[] | undefined;
}

export class ResidualCodes implements Distribution {
  readonly family = "residual-codes";
  readonly discrete = true;
  readonly batchShape: Shape;
  readonly eventShape: Shape;

  /** @param encoded [...batch, ...event] @param codebooks a level each, [K, D], D being the last axis of the event */
  constructor(
    private readonly encoded: Tensor,
    private readonly codebooks: readonly Tensor[],
    eventRank = 1,
    private readonly training?: ResidualTraining,
  ) {
    const { shape } = encoded;
    this.eventShape = shape.slice(shape.length - eventRank);
    this.batchShape = shape.slice(0, shape.length - eventRank);
  }

  /** The value of the likeliest code of each level, given the likeliest ones before it. */
  mode(): Tensor {
    const choose = (logits: Tensor): Tensor => oneHot(tf.argMax(logits, -1), logits.shape.at(-1)!);
    return this.follow([], choose).value;
  }

  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    return this.sampleAndLogProb(noise, site, sampleShape).value;
  }

  sampleAndLogProb(noise: Noise, site: string, sampleShape: Shape): Required<Draw> {
    const choose = (logits: Tensor, level: number): Tensor => {
      const name = `${site}/level-${level}`;
      if (!this.training) return oneHot(drawCodes(noise, name, logits, []), logits.shape.at(-1)!);
      const gumbel = tf.neg(tf.log(tf.neg(tf.log(openUniform(noise, name, logits.shape)))));
      const relaxed = tf.exp(logNormalize(tf.div(tf.add(logits, gumbel), this.training.temperature)));
      return straightThrough(oneHot(tf.argMax(relaxed, -1), logits.shape.at(-1)!), relaxed);
    };
    return this.follow(sampleShape, choose);
  }

  /** @throws CONTRACT always: several codes may have one value */
  logProb(_value: Tensor): Tensor {
    throw new VaelabError("CONTRACT", { message: "residual codes are scored where they are drawn, not at a value" });
  }

  /** @param choose one-hot codes of a level, [M, K], by their log-probabilities */
  private follow(sampleShape: Shape, choose: (logits: Tensor, level: number) => Tensor): Required<Draw> {
    const leading = [...sampleShape, ...this.batchShape];
    const width = this.eventShape.at(-1)!;
    const rows = tf.reshape(tf.broadcastTo(this.encoded, [...leading, ...this.eventShape]), [-1, width]);
    const kept = this.training?.kept?.(rows.shape[0]!);
    let [residual, shown, logProb]: Tensor[] = [rows, tf.zerosLike(rows), tf.zeros([rows.shape[0]!])];
    const codes = this.codebooks.map((codebook, level) => {
      // The squared distance, without |r|^2.
      const closeness = tf.sub(tf.mul(2, tf.matMul(residual!, codebook, false, true)), tf.sum(tf.square(codebook), 1));
      const logits = logNormalize(closeness);
      const code = choose(logits, level);
      const vectors = tf.matMul(code, codebook);
      residual = tf.sub(residual!, vectors);
      shown = tf.add(shown!, kept ? tf.mul(kept[level]!, vectors) : vectors);
      logProb = tf.add(logProb!, tf.sum(tf.mul(code, logits), 1));
      return code;
    });
    const vectors = sizeOf(this.eventShape.slice(0, -1));
    return {
      value: tf.reshape(shown!, [...leading, ...this.eventShape]),
      codes: tf.reshape(tf.stack(codes, 1), [...leading, vectors * codes.length, codes[0]!.shape.at(-1)!]),
      logProb: tf.sum(tf.reshape(logProb!, [...leading, vectors]), leading.length),
    };
  }
}
