/**
 * A label that is known for some examples and summed over for the rest, as in the semi-supervised M2 (Kingma et al. 2014):
 *
 *     p(x, y, z) = p(y) p(z) p(x | y, z),   q(y, z | x) = q(y | x) q(z | x, y),   y one of K
 *
 * The site "y" is enumerated. Where its value was observed, q puts all mass there and log p of every other is -OUT, so that one
 * rule gives the bound on log p(x, y) for these examples and the one on log p(x) for the others.
 */

import type { Distribution } from "../../../src/contracts/distribution.js";
import type { Model } from "../../../src/contracts/model.js";
import { Bernoulli, DiagonalGaussian } from "../../../src/distributions/index.js";
import { inferredFrom, makeSite } from "../../../src/inference/site.js";
import { dense } from "../../../src/nn/index.js";
import type { Batch, FieldSchemas, Shape } from "../../../src/tensor/fields.js";
import { normalWith } from "../../../src/tensor/initializers.js";
import type { Noise } from "../../../src/tensor/keyed-noise.js";
import { logNormalize } from "../../../src/tensor/mathematics.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { type Tensor, tf } from "../../../src/tensor/tensor.js";

export const K = 3;
export const PIXELS = 6;
export const LATENT = 2;
/** Large enough that exp(-OUT) is 0, and finite, so that 0 times it is 0. */
const OUT = 1e30;

/** One of K, as a one-hot vector, by its log-probabilities [..., K]. */
class Categorical implements Distribution {
  readonly batchShape: Shape;
  readonly eventShape: Shape = [K];
  constructor(private readonly logProbabilities: Tensor) {
    this.batchShape = logProbabilities.shape.slice(0, -1);
  }
  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    const uniform = noise.uniform(site, [...sampleShape, ...this.batchShape, 1]);
    const below = tf.cumsum(tf.exp(this.logProbabilities), this.logProbabilities.rank - 1);
    const index = tf.sum(tf.cast(tf.greaterEqual(uniform, below), "float32"), -1);
    return tf.cast(tf.oneHot(tf.cast(tf.minimum(index, K - 1), "int32"), K), "float32");
  }
  sampleAndLogProb(noise: Noise, site: string, sampleShape: Shape): { value: Tensor; logProb: Tensor } {
    const value = this.sample(noise, site, sampleShape);
    return { value, logProb: this.logProb(value) };
  }
  logProb(value: Tensor): Tensor {
    return tf.sum(tf.mul(value, this.logProbabilities), -1);
  }
  mean(): Tensor {
    return tf.exp(this.logProbabilities);
  }
  enumerate(): Tensor {
    const ones = this.batchShape.map(() => 1);
    return tf.broadcastTo(tf.reshape(tf.eye(K), [K, ...ones, K]), [K, ...this.batchShape, K]);
  }
}

export const FIELDS: FieldSchemas = {
  x: { kind: "vector", shape: [PIXELS], support: "binary" },
  y: { kind: "label", shape: [], support: "categorical", classes: K },
};

export const enumeratedLabelModel = (): { model: Model; store: ParameterStore } => {
  const store = new ParameterStore();
  const layer = (name: string, from: number, to: number) => dense(store.scope(name), from, to, normalWith(0, 0.6));
  const classify = layer("encoder/label", PIXELS, K);
  const mean = layer("encoder/mean", PIXELS + K, LATENT);
  const logVariance = layer("encoder/log-variance", PIXELS + K, LATENT);
  const hidden = layer("decoder/hidden", K + LATENT, 5);
  const output = layer("decoder/output", 5, PIXELS);
  const frequencies = store.scope("prior")("logits", [K], normalWith(0, 0.5));
  const prior = (): DiagonalGaussian => new DiagonalGaussian(tf.zeros([LATENT]), tf.zeros([LATENT]));
  const flat = (x: Tensor): Tensor => tf.reshape(x, [-1, x.shape.at(-1)!]);

  /** Adds to log-probabilities [B, K] what is known: nothing, or that all other labels are out. */
  const knowing = ({ fields, observed }: Batch, logProbabilities: Tensor, certain: boolean): Tensor => {
    const label = tf.cast(tf.oneHot(tf.cast(fields.y!, "int32"), K), "float32");
    const mask = observed?.y ? tf.expandDims(tf.cast(tf.greater(observed.y, 0.5), "float32"), 1) : tf.scalar(1);
    const out = tf.mul(tf.sub(label, 1), OUT);
    const known = certain ? out : tf.add(logProbabilities, out);
    // 0 times a finite number: neither branch lets a gradient through that is not its own.
    return tf.add(tf.mul(mask, known), tf.mul(tf.sub(1, mask), logProbabilities));
  };

  return {
    store,
    model: {
      fields: FIELDS,
      modeled: "x",
      latents: { y: [K], z: [LATENT] },
      infer: (batch, { noise, samples, proposal }) =>
        store.bind(proposal ?? {}, () => {
          const x = batch.fields.x!;
          const size = x.shape[0]!;
          const q = new Categorical(knowing(batch, logNormalize(classify(x)), true));
          const p = new Categorical(knowing(batch, tf.broadcastTo(logNormalize(frequencies.value), [size, K]), false));
          // Draw after draw, the whole support for each: [S * K, B, ...].
          const value = tf.tile(q.enumerate(), [samples, 1, 1]);
          const y = makeSite({
            name: "y",
            q,
            p,
            noise,
            samples,
            enumerated: true,
            drawn: { value, logProb: q.logProb(value) },
          });
          const seen = flat(tf.concat([tf.tile(tf.expandDims(x, 0), [samples * K, 1, 1]), value], -1));
          const shape = [samples * K, size, LATENT];
          const given = new DiagonalGaussian(tf.reshape(mean(seen), shape), tf.reshape(logVariance(seen), shape));
          const drawn = given.sampleAndLogProb(noise, "z", []);
          return inferredFrom([y, makeSite({ name: "z", q: given, p: prior(), noise, samples, drawn })], samples);
        }),
      generate: ({ y, z }) => {
        const joined = flat(tf.concat([y!, z!], -1));
        return new Bernoulli(tf.reshape(output(tf.tanh(hidden(joined))), [...z!.shape.slice(0, -1), PIXELS]));
      },
      samplePrior: (count, { noise }) => ({
        y: new Categorical(logNormalize(frequencies.value)).sample(noise, "y", [count]),
        z: prior().sample(noise, "z", [count]),
      }),
    },
  };
};
