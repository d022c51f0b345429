/**
 * What a loss adds to a bound without a label: it shapes the codes or the networks. Any objective takes any list of regularizers;
 * the weighted penalties are added to the loss of its first phase.
 */
import type { Parameter, ParameterScope } from "../tensor/parameters.js";
import type { Scalar } from "../tensor/tensor.js";
import type { TermDeclarations } from "./logged-figure.js";
import type { Model } from "./model.js";
import type { Phase, StepContext } from "./objective.js";
import type { Schedule } from "./schedule.js";

export interface RegularizerContext {
  model: Model;
  /** Named "regularizers/NAME/...", NAME that of the regularizer. */
  parameters: ParameterScope;
  /** Those of the whole model, by names such as "decoder/dense-0/weights", read in a step. */
  modelParameters(): readonly Parameter[];
}
/** A penalty with what is logged beside it. */
export interface Penalty {
  value: Scalar;
  /** Logged as "NAME.TERM", in nats unless `figures` says otherwise. */
  terms: Readonly<Record<string, Scalar>>;
}
export interface Regularizer {
  weight: Schedule;
  /** Unit of the penalty before the weight: "nats", or "" for a pure number, the default. */
  readonly unit?: string;
  /** Titles and units of the terms beside the penalty. */
  readonly figures?: TermDeclarations;
  /**
   * Before the weight, averaged over the batch, and logged under the name of the regularizer. `step.inferred()` is what the
   * objective inferred; `step.call(name)` gives noise of its own under a name that no other part uses.
   */
  penalty(step: StepContext): Scalar | Penalty;
  /**
   * Phases of its own, after those of the objective: a discriminator's, for example. `variables` are asked about the names of its own
   * parameters, below "regularizers/NAME/"; what such a phase moves, no phase of the objective does. The name of the regularizer stands
   * before the names of its phases where it has several, and in place of the name of a single one.
   */
  readonly phases?: readonly Phase[];
  /**
   * Set where the penalty makes the codes of the data follow the prior. Samples from the prior are then scored even if the
   * posterior is a point mass.
   */
  readonly matchesPrior?: true;
}
