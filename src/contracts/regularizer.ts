/**
 * What a loss adds to a bound without a label: it shapes the codes or the networks. Any objective takes any list of regularizers;
 * the weighted penalties are added to the loss of its first phase.
 */
import type { ParameterScope } from "../tensor/parameters.js";
import type { Scalar } from "../tensor/tensor.js";
import type { Model } from "./model.js";
import type { StepContext } from "./objective.js";
import type { Schedule } from "./schedule.js";

export interface RegularizerContext {
  model: Model;
  parameters: ParameterScope;
}
export interface Regularizer {
  weight: Schedule;
  /** Of the penalty, before the weight: "nats", or "" for a pure number, which is the default. */
  readonly unit?: string;
  /**
   * Before the weight, averaged over the batch, and logged under the name of the regularizer. `step.inferred()` is what the
   * objective inferred; `step.call(name)` gives noise of its own under a name that no other part uses.
   */
  penalty(step: StepContext): Scalar;
  /**
   * Set where the penalty makes the codes of the data follow the prior. Samples from the prior are then scored even if the
   * posterior is a point mass.
   */
  readonly matchesPrior?: true;
}
