/** What inference makes of a batch: one site for each latent, with its draws, densities and KL. */
import type { Bindings } from "../tensor/parameters.js";
import type { Tensor } from "../tensor/tensor.js";
import type { CallContext } from "./call-context.js";
import type { Distribution } from "./distribution.js";

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
