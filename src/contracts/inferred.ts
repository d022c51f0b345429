/** What inference makes of a batch: one site for each latent, with its draws, densities and KL. */
import type { Bindings } from "../tensor/parameters.js";
import type { Tensor } from "../tensor/tensor.js";
import type { CallContext, FeatureMaps, Values } from "./call-context.js";
import type { Distribution, LatentSupport } from "./distribution.js";

/** One latent of a model at work on a batch. */
export interface Site {
  readonly name: string;
  readonly q: Distribution;
  readonly p: Distribution;
  /** [S, B, ...]. */
  readonly value: Tensor;
  /** Where the values lie. */
  readonly support: LatentSupport;
  /** [S, B, variables, categories], one-hot: what p scores, if the value stands for codes. */
  readonly codes?: Tensor;
  /** [S, B], computed when first read. */
  readonly logQ: Tensor;
  readonly logP: Tensor;
  /**
   * The sample axis runs over the whole support instead of draws: expectations weigh by exp(logQ). Beside draws, each draw
   * has the whole support in turn: S * K values, the support the inner of the two.
   */
  readonly enumerated: boolean;
  /** KL(q || p): [S, B] or [B]. In closed form where the pair has one and p depends on no latent that is inferred from this one, else log q - log p at `value`. */
  kl(): Tensor;
  readonly klIsExact: boolean;
  /** [S, B, ...site shape] or [B, ...site shape], as `kl`, where it comes apart by dimension. */
  klElements?(): Tensor;
}

/** All that inference makes of a batch: the latents at work, and what a head may read beside them. */
export interface Inferred {
  /** By latent, in the order in which they were inferred. */
  readonly sites: Readonly<Record<string, Site>>;
  /** Draws an example that were asked for; an enumerated site multiplies the sample axis beyond it. */
  readonly samples: number;
  /**
   * What the encoder provides, [L * B, ...], examples innermost: L is 1, or the length of the sample axis where the encoder sees an
   * enumerated site.
   */
  readonly features: FeatureMaps;
  /** ln q(label | x) of each latent that is a label, [B, categories], whatever was observed. */
  readonly labelLogProbabilities: Readonly<Record<string, Tensor>>;
}

export interface InferContext extends CallContext {
  /** Draws an example; an enumerated site multiplies the sample axis. */
  samples: number;
  /** Values that the inference network alone reads instead of its own: a refitted encoder. Priors keep the trained one. */
  proposal?: Bindings;
  /**
   * Values of all latents, [S, B, ...], in the place of draws and sums: each site then scores its own, given those of the others.
   * Statistics stay as they are.
   */
  given?: Values;
  /** With `given`: the values are rows of an inference, so those of latents that are summed over are their supports. */
  summed?: true;
  /** The inference network gets no gradient; its densities keep one in the values that are given. */
  fixed?: true;
}
