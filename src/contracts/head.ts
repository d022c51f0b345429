/**
 * What a model may have beside encoder, posterior, prior, decoder and likelihood. A head shows a field of the data to some of
 * these parts (a condition), or predicts a label from what was inferred. What it adds to the loss is added to any objective's first phase.
 */
import type { Batch, FieldSchemas, Shape } from "../tensor/fields.js";
import type { ParameterScope } from "../tensor/parameters.js";
import type { Scalar, Tensor } from "../tensor/tensor.js";
import type { CallContext } from "./call-context.js";
import type { Inferred } from "./inferred.js";
import type { TermDeclarations } from "./logged-figure.js";
import type { Terms } from "./objective.js";
import type { Schedule } from "./schedule.js";

/** What a head does with a field, known before anything is built: validation and the model go by it. */
export interface HeadPlan {
  /** A field of the data, other than the modeled one. */
  field: string;
  /**
   * "condition": the field, observed for every example, is given; "target": a label that is predicted.
   */
  role: "condition" | "target";
  /** The parts that see the field. */
  seenBy: { encoder: boolean; prior: boolean; decoder: boolean };
  /** Whether it reads the encoder's feature maps: an encoder that neither a latent nor a head reads is not built. */
  readsFeatures?: boolean;
}

/** Counts of a categorical field over the observed examples of the training split. */
export interface LabelCounts {
  /** By category. */
  counts: readonly number[];
  /** Examples, observed or not. */
  size: number;
}

export interface HeadContext {
  fields: FieldSchemas;
  modeled: string;
  parameters: ParameterScope;
  /** One example's shape, by latent; those that stand for a label are left out. */
  latents: Readonly<Record<string, Shape>>;
  labels(field: string): LabelCounts;
}

export interface HeadStep extends CallContext {
  batch: Batch;
  inferred: Inferred;
  scalar(schedule: Schedule): Scalar;
  /** In validation: the share of examples of the split for which a field is known. In training, `LabelCounts` tells. */
  knownShare?(field: string): number;
}

export interface Head {
  readonly plan: HeadPlan;
  /** Declares what depends on the encoder: called once, when that is built, after the heads. */
  connect?(features: Readonly<Record<string, Shape>>): void;
  /** Added to the loss of the objective's first phase; its terms are logged as those of the field. */
  terms?(step: HeadStep): Pick<Terms, "loss" | "terms">;
  /** Titles and units of its terms; without one a term is in nats per example. */
  readonly figures?: TermDeclarations;
  /** ln p(category), [B, categories]. */
  predict?(inferred: Inferred, context: CallContext): Tensor;
}
