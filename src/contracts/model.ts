/**
 * A model joins the parts. Networks see [N, ...]: the model alone folds sample and batch axes together (N = S * B) and unfolds
 * them. A model has one or several latents, by name.
 *
 * Parts may be conditioned on fields of the data. An encoder then has several `inputs`; priors and decoders get such a field as
 * one more value beside the latents, by the field's name: categories one-hot, everything else as it is (`networkShape` of src/nn/index.ts).
 */

import type { Batch, FieldSchemas, Fields, Shape } from "../tensor/fields.js";
import type { Tensor } from "../tensor/tensor.js";
import type { CallContext, Values } from "./call-context.js";
import type { Distribution, LatentSupport } from "./distribution.js";
import type { InferContext, Inferred } from "./inferred.js";
import type { Codes } from "./posterior.js";

/** The name of the only latent of a spec that names none. */
export const LATENT = "z";

/** One of the fields that a model generates. */
export interface ModelOutput {
  /** Weight of its log-likelihood in the loss; evaluation figures leave it out. */
  weight: number;
}

export interface Model {
  readonly fields: FieldSchemas;
  /** The field that the data set is about. Pictures and metrics of samples show it. */
  readonly modeled: string;
  /** What the model generates, by field, the modeled one among them; that one alone if absent. */
  readonly outputs?: Readonly<Record<string, ModelOutput>>;
  /** One example's shape, by latent. */
  readonly latents: Readonly<Record<string, Shape>>;
  /** Where its values lie, by latent; "real" where nothing is said. */
  readonly supports?: Readonly<Record<string, LatentSupport>>;
  /** The latents whose draws have no gradient, in training too. */
  readonly unrelaxed?: readonly string[];
  /** The codes that values stand for, by latent: of those with codebooks alone. */
  readonly codes?: Readonly<Record<string, Codes>>;
  /** The labels that latents stand for, by latent. */
  readonly observed?: Readonly<Record<string, string>>;
  /** Outside training, labels that a site stands for are not looked at: the bound is then on log p(x). */
  infer(batch: Batch, context: InferContext): Inferred;
  /**
   * p(output | values, conditions): values [...leading, ...site] → batchShape [...leading]. Conditions are fields [N, ...] that
   * broadcast against the leading axes. Outputs are independent given the latents, so ln p(x | z) is the sum over them.
   * @param output a field of `outputs`; the modeled one if not given
   * @throws CONTRACT where the decoder is conditioned on a field that is missing
   */
  generate(values: Values, context: CallContext, conditions?: Fields, output?: string): Distribution;
  /**
   * Draws from the trained prior, ancestrally where there are several latents: [count, ...site shape]. A conditional prior takes the
   * conditions, [count, ...], and draws those that are missing with `drawConditions`. The condition on a latent label is its value.
   */
  samplePrior(count: number, context: CallContext, conditions?: Fields): Values;
  /**
   * The values [count, ...] after one latent was changed: latents that are generated from it, in any number of steps, get the mean
   * or center of their prior there, the likeliest value if they are discrete, or a draw where it has none; the others keep theirs.
   */
  follow?(values: Values, changed: string, context: CallContext, conditions?: Fields): Values;
  /** The fields that generation can be asked for, by name; none where the model is not conditional. */
  readonly conditions?: FieldSchemas;
  /**
   * Draws conditions where the caller requests none, [count, ...] by field of `conditions`: those of training examples, drawn with
   * replacement, so labels keep their frequencies; a latent label is drawn from its prior.
   */
  drawConditions?(count: number, context: CallContext): Fields;
  /** ln p(category) by field that a head predicts, [B, categories]. */
  predict?(inferred: Inferred, context: CallContext): Readonly<Record<string, Tensor>>;
}
