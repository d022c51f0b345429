/**
 * Inference in the built-in model: q(z | x, conditions), or with a latent label q(y | x) q(z | x, y). The encoder then sees each
 * example with each category, and the sample axis holds all K categories for each draw: [S * K, B].
 */
import type { InferContext, Inferred } from "../contracts/inferred.js";
import { LATENT } from "../contracts/model.js";
import { batchReshape } from "../distributions/index.js";
import { inferredFrom, makeSite } from "../inference/site.js";
import { mapValues } from "../numerics/records.js";
import type { Batch } from "../tensor/fields.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { conditionsOf, type JoinedParts, pick, priorAt } from "./joined-parts.js";
import { type Label, labelLogProbabilities, labelSite } from "./label.js";

/** [B, ...] → [times * B, ...], the examples innermost. */
const repeated = (x: Tensor, times: number): Tensor => tf.tile(x, [times, ...x.shape.slice(1).map(() => 1)]);

/** [K * B]: category 0 for every example, then category 1, ... */
const everyCategory = (categories: number, size: number): Tensor =>
  tf.reshape(tf.tile(tf.expandDims(tf.range(0, categories, 1, "float32"), 1), [1, size]), [-1]);

export const inferLatent = (parts: JoinedParts, batch: Batch, context: InferContext): Inferred => {
  const { encoder, posterior, routing, store } = parts;
  const { q, features } = store.bind(context.proposal ?? {}, () => {
    const features = encoder.encode(pick(batch.fields, routing.encoder), context);
    return { features, q: posterior.at(features, { parents: {} }) };
  });
  const seen = { values: {}, conditions: batch.fields, leading: q.batchShape };
  const p = priorAt(parts, conditionsOf(parts, routing.prior, seen), context);
  const { noise, samples } = context;
  return inferredFrom([makeSite({ name: LATENT, q, p, noise, samples })], samples, { features });
};

export const inferWithLabel = (parts: JoinedParts, label: Label, batch: Batch, context: InferContext): Inferred => {
  const { encoder, posterior, routing, modeled, store } = parts;
  const { samples, noise } = context;
  const { name, categories } = label;
  const size = batch.index.shape[0]!;
  const leading = [samples * categories, size];
  const { logQ, features, q } = store.bind(context.proposal ?? {}, () => {
    const logQ = labelLogProbabilities(label, pick(batch.fields, [modeled]), context);
    const others = pick(
      batch.fields,
      routing.encoder.filter((field) => field !== name),
    );
    // Each example with each category, encoded once for any number of draws.
    const category = everyCategory(categories, size);
    const each = { ...mapValues(others, (x) => repeated(x, categories)), [name]: category };
    const features = mapValues(encoder.encode(each, context), (x) => repeated(x, samples));
    return { logQ, features, q: batchReshape(posterior.at(features, { parents: {} }), leading) };
  });
  const y = labelSite(label, batch, logQ, context);
  const seen = { values: { [name]: y.value }, conditions: batch.fields, leading };
  const p = priorAt(parts, conditionsOf(parts, routing.prior, seen), context);
  const drawn = q.sampleAndLogProb(noise, LATENT, []);
  const z = makeSite({ name: LATENT, q, p, noise, samples, drawn });
  return inferredFrom([y, z], samples, { features, labelLogProbabilities: { [name]: logQ } });
};
