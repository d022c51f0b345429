/**
 * What is minimized. All that changes from step to step comes in as scalars, all randomness as noise, all memory as state; so a
 * step can run eagerly, or be captured once as a native graph and replayed, and no component knows which.
 */
import type { Batch } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import type { ParameterScope } from "../tensor/parameters.js";
import type { Scalar, Tensor } from "../tensor/tensor.js";
import type { CallContext, Values } from "./call-context.js";
import type { InferContext, Inferred } from "./inferred.js";
import type { TermDeclarations } from "./logged-figure.js";
import type { Model } from "./model.js";
import type { Optimizer } from "./optimizer.js";
import type { Schedule } from "./schedule.js";

export interface StepContext {
  batch: Batch;
  model: Model;
  noise: Noise;
  training: boolean;
  /** Examples in the training split. */
  trainingSize: number;
  /** The fed value of a schedule at this step. */
  scalar(schedule: Schedule): Scalar;
  /** How to call parts of the model in this step, with noise of its own: `elboTerms(model, batch, inferred, call("generate"))`. */
  call(name: string): CallContext;
  /** Runs inference on this batch, with `samples` draws an example. Call it once a phase. */
  infer(samples: number): Inferred;
  /** What `infer` returned in this phase; one draw an example where the phase has not called it yet. */
  inferred(): Inferred;
  /**
   * Infers this batch once more, with these values of all latents, [S, B, ...], in the place of draws: for losses that score the same
   * values in another way. The inference network sees the noise of `infer` again. Call it after `infer`.
   * @param fixed the inference network gets no gradient
   * @param summed the values are those of `infer`: latents that were summed over stay so
   */
  inferAt(values: Values, options?: Pick<InferContext, "fixed" | "summed">): Inferred;
  /** What parts of the model added to the loss so far (`CallContext.loss`). The framework adds it to the first phase. */
  losses(): readonly AddedLoss[];
  /** In validation: the share of examples of the split for which a field is known. */
  knownShare?(field: string): number;
}

export interface AddedLoss {
  name: string;
  value: Scalar;
  /** That it is about. */
  latent?: string;
}

export interface Terms {
  /** What is minimized. */
  loss: Scalar;
  /** Logged scalars by term. Schedules are logged under their own names and need no term. */
  terms: Readonly<Record<string, Scalar>>;
  /** Logged by latent, then by term: scalars, or vectors over the dimensions of the latent such as the KL of each, [D]. */
  byLatent?: Readonly<Record<string, Readonly<Record<string, Tensor>>>>;
  /** Logged scalars by output, then by term; the framework adds those of the fields that heads predict. */
  byField?: Readonly<Record<string, Readonly<Record<string, Scalar>>>>;
}

export interface Phase {
  name: string;
  /** Which trainable parameters this phase moves, by name ("encoder/dense-0/weights"). */
  variables(name: string): boolean;
  /** The training optimizer unless the objective brings one. */
  optimizer?: Optimizer;
  /** Runs at steps that `every` divides. */
  every: number;
  /** Titles and units of its terms, those by latent included; without one a term is in nats per example. */
  figures?: TermDeclarations;
  /** Those of the terms by field. Written by the framework. */
  figuresByField?: Readonly<Record<string, TermDeclarations>>;
  terms(context: StepContext): Terms;
}
export interface ObjectiveContext {
  parameters: ParameterScope;
  model: Model;
}
export interface Objective {
  /** In this order within a step; the first phase's loss is the validation loss. */
  phases: readonly Phase[];
  /** Set where it makes the codes of the data follow the prior, as a `Regularizer` may. */
  readonly matchesPrior?: true;
}
