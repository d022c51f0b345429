/** An experiment with the services that it works with. */
import type { Experiment } from "../../registry/experiment.js";
import type { Scope, ScopedExperiment } from "./services.js";

/** A child scope, in which the experiment's plugins stand beside the built-in components. */
export const scoped = (experiment: Experiment, outer: Scope): ScopedExperiment => ({
  ...experiment,
  scope: outer.child({ catalogue: experiment.catalogue }),
  outer,
});
