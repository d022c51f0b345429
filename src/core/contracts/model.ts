/**
 * The parts of a model and what joins them. Networks see [N, ...]: the model alone folds sample and batch axes together
 * (N = S * B) and unfolds them. A model is a list of latent sites; the built-in one has a single site, "z".
 */
import type { Distribution } from "../distribution.js";
import type { Batch, FieldSchema, FieldSchemas, Fields, Shape } from "../fields.js";
import type { Noise } from "../noise-keys.js";
import type { Bindings, ParameterScope } from "../parameters.js";
import type { Tensor } from "../tensor.js";

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
  /** The fields that this encoder sees. */
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
  /** The fields that the encoder sees: what a pseudo-input looks like. */
  inputs: FieldSchemas;
  parameters: ParameterScope;
  /** Training examples chosen by the run's seed, row after row, to begin pseudo-inputs or centres from. */
  examples(count: number): Readonly<Record<string, Float32Array>>;
}
export interface Prior {
  /** p(z | parents), batchShape [] where it depends on nothing, else [...]. `encode` is the model's own q( . | x). */
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
  /** One example's shape, by site. */
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
  readonly modelled: string;
  /** One example's shape, by site. */
  readonly latents: Readonly<Record<string, Shape>>;
  infer(batch: Batch, context: InferContext): Site[];
  /** p(x | values): values [...leading, ...site] → batchShape [...leading]. */
  generate(values: Values, context: CallContext): Distribution;
  /** Draws from the prior that was trained, ancestral where there are several sites: [count, ...site shape]. */
  samplePrior(count: number, context: CallContext): Values;
}
