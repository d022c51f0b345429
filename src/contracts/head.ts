/**
 * What a model may have beside encoder, posterior, prior, decoder and likelihood. A head shows a field of the data to some of
 * these parts (a condition), infers a label as a site of its own that is enumerated where it is not observed, or predicts a
 * label from what was inferred. What it adds to the loss is added to any objective's first phase.
 */
import type { Batch, FieldSchemas, Fields, Shape } from "../tensor/fields.js";
import type { ParameterScope } from "../tensor/parameters.js";
import type { Scalar, Tensor } from "../tensor/tensor.js";
import type { CallContext } from "./call-context.js";
import type { Inferred } from "./inferred.js";
import type { Terms } from "./objective.js";
import type { Schedule } from "./schedule.js";

/** What a head does with a field, known before anything is built: validation and the model go by it. */
export interface HeadPlan {
  /** Of the data, not the modeled one. */
  field: string;
  /**
   * "condition": what is observed of it, for every example, is given; "site": a label that is inferred where it is not observed;
   * "target": a label that is predicted.
   */
  role: "condition" | "site" | "target";
  /** The parts that see the field. */
  seenBy: { encoder: boolean; prior: boolean; decoder: boolean };
}

/** Of a categorical field, over the observed examples of the training split. */
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
  /** One example's shape of the latent z. */
  latent: Shape;
  labels(field: string): LabelCounts;
}

export interface HeadStep extends CallContext {
  batch: Batch;
  inferred: Inferred;
  scalar(schedule: Schedule): Scalar;
}

/** A label as a latent: q(y | x) and p(y). */
export interface LabelSite {
  /** Unnormalized ln q(y | x), [B, categories], from the modeled field. */
  logits(fields: Fields, context: CallContext): Tensor;
  /** Unnormalized ln p(y), [categories]. */
  priorLogits(): Tensor;
}

export interface Head {
  readonly plan: HeadPlan;
  /** Of the role "site". */
  readonly site?: LabelSite;
  /** Declares what depends on the encoder: called once, when that is built, after the heads. */
  connect?(features: Readonly<Record<string, Shape>>): void;
  /** Added to the loss of the objective's first phase; its terms are logged as `FIELD.NAME`. */
  terms?(step: HeadStep): Terms;
  /** ln p(category), [B, categories]. */
  predict?(inferred: Inferred, context: CallContext): Tensor;
}
