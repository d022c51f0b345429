/**
 * The parts of a model and what joins them. Networks see [N, ...]: the model alone folds sample and batch axes together
 * (N = S * B) and unfolds them. A model is a list of latent sites; the built-in one has the site "z", and a head may add one.
 *
 * Parts may be conditioned on fields of the data. An encoder then has several `inputs`; priors and decoders get such a field as
 * one more value beside the latents, by the field's name: categories one-hot, everything else as it is (`networkShape` of src/nn/index.ts).
 */

import type { Batch, FieldSchema, FieldSchemas, Fields, Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import type { Bindings, ParameterScope } from "../tensor/parameters.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Distribution } from "./distribution.js";

/** Latent values by site, each [S, B, ...site shape] outside networks and [N, ...site shape] inside. */
export type Values = Readonly<Record<string, Tensor>>;
/** What an encoder hands on, by name: "features" is the one that a single latent reads. */
export type FeatureMaps = Readonly<Record<string, Tensor>>;

/** How a network is called: dropout and statistics behave otherwise in training. */
export interface CallContext {
  training: boolean;
  noise: Noise;
}

export interface EncoderContext {
  /** The fields that this encoder sees: the modeled one, and what it is conditioned on. Categories come as numbers. */
  inputs: FieldSchemas;
  parameters: ParameterScope;
}
export interface Encoder {
  /** Shapes of the feature maps, one example each. */
  readonly features: Readonly<Record<string, Shape>>;
  encode(fields: Fields, context: CallContext): FeatureMaps;
}

export interface PosteriorContext {
  features: Readonly<Record<string, Shape>>;
  latent: Shape;
  parameters: ParameterScope;
}
export interface Posterior {
  /** q(z | x), batchShape [N]. Reads its parameters here, so that what it returns holds tensors only. */
  at(features: FeatureMaps, context: { parents: Values; logJoint?(z: Tensor): Tensor }): Distribution;
}

export interface PriorContext {
  latent: Shape;
  /** What the prior is conditioned on, by name: one example's shape. Only a prior with the capability "conditional" gets any. */
  parents?: Readonly<Record<string, Shape>>;
  /** The fields that the encoder sees: what a pseudo-input looks like. */
  inputs: FieldSchemas;
  parameters: ParameterScope;
  /** Training examples chosen by the run's seed, row after row, to begin pseudo-inputs or centers from. */
  examples(count: number): Readonly<Record<string, Float32Array>>;
}
export interface Prior {
  /**
   * p(z | parents), batchShape [] where it depends on nothing, else that of the parents' leading axes: [...batch, ...shape] → [...batch].
   * `encode` is the model's own q( . | x).
   */
  at(context: { parents: Values; encode(fields: Fields): Distribution }): Distribution;
}

export interface LikelihoodContext {
  field: FieldSchema;
  parameters: ParameterScope;
}
export interface Likelihood {
  /** One example's shape of what the decoder must give. */
  readonly outputs: Shape;
  /** @param parameters [...batch, ...outputs] → p(x | z), batchShape [...batch], eventShape that of the field. */
  at(parameters: Tensor): Distribution;
}

export interface DecoderContext {
  /** One example's shape, by site; what the decoder is conditioned on stands among them. */
  latents: Readonly<Record<string, Shape>>;
  output: Shape;
  field: FieldSchema;
  parameters: ParameterScope;
}
export interface Decoder {
  /** @param values [N, ...] by site → [N, ...output]. */
  decode(values: Values, context: CallContext): Tensor;
}

/** One latent of a model at work on a batch. */
export interface Site {
  readonly name: string;
  readonly q: Distribution;
  readonly p: Distribution;
  /** [S, B, ...]. */
  readonly value: Tensor;
  /** [S, B], computed when first read. */
  readonly logQ: Tensor;
  readonly logP: Tensor;
  /**
   * The sample axis runs over the whole support instead of draws: expectations weigh by exp(logQ). Beside draws, each draw
   * has the whole support in turn: S * K values, the support the inner of the two.
   */
  readonly enumerated: boolean;
  /** KL(q || p): [S, B] or [B]. In closed form where the pair has one, else log q - log p at `value`. */
  kl(): Tensor;
  readonly klIsExact: boolean;
  /** [S, B, ...site shape] or [B, ...site shape], as `kl`, where it comes apart by dimension. */
  klElements?(): Tensor;
}

export interface InferContext extends CallContext {
  /** Draws an example; an enumerated site multiplies the sample axis. */
  samples: number;
  /** Values that the inference network alone reads instead of its own: a refitted encoder. Priors keep the trained one. */
  proposal?: Bindings;
}

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
