/**
 * A model joins the parts. Networks see [N, ...]: the model alone folds sample and batch axes together (N = S * B) and unfolds
 * them. A model is a list of latent sites; the built-in one has the site "z", and a head may add one.
 *
 * Parts may be conditioned on fields of the data. An encoder then has several `inputs`; priors and decoders get such a field as
 * one more value beside the latents, by the field's name: categories one-hot, everything else as it is (`networkShape` of src/nn/index.ts).
 */

import type { Batch, FieldSchemas, Fields, Shape } from "../tensor/fields.js";
import type { Tensor } from "../tensor/tensor.js";
import type { CallContext, Values } from "./call-context.js";
import type { Distribution } from "./distribution.js";
import type { InferContext, Site } from "./inferred.js";

export interface Model {
  readonly fields: FieldSchemas;
  /** The field that the likelihood models. */
  readonly modeled: string;
  /** One example's shape, by site. */
  readonly latents: Readonly<Record<string, Shape>>;
  /** Outside training, labels that a site stands for are not looked at: the bound is then on log p(x). */
  infer(batch: Batch, context: InferContext): Site[];
  /**
   * p(x | values, given): values [...leading, ...site] → batchShape [...leading]. `given` are fields [N, ...] that broadcast against
   * the leading axes.
   * @throws CONTRACT where the decoder is conditioned on a field that is not given
   */
  generate(values: Values, context: CallContext, given?: Fields): Distribution;
  /**
   * Draws from the prior that was trained, ancestral where there are several sites: [count, ...site shape]. Where it is conditioned,
   * on the fields `given`, [count, ...], else on fields that `drawGiven` draws. A given label that is a site is that site's value.
   */
  samplePrior(count: number, context: CallContext, given?: Fields): Values;
  /** The fields that generation can be asked for, by name; none where the model is not conditional. */
  readonly conditions?: FieldSchemas;
  /**
   * What is asked of samples that nobody asks anything of, [count, ...] by field of `conditions`: examples drawn from the training
   * split with replacement, so labels come with its frequencies; of a label that is a site, draws from its prior. Keyed by noise.
   */
  drawGiven?(count: number, context: CallContext): Fields;
  /** ln p(category) by field that a head predicts, [B, categories], from what `infer` gave for this batch. */
  predict?(
    batch: Batch,
    sites: readonly Site[],
    samples: number,
    context: CallContext,
  ): Readonly<Record<string, Tensor>>;
}
