import type { Phase } from "../contracts/objective.js";

/** The phase with some of its members replaced. A phase may be an instance of a class, so a spread copy could lose its methods. */
export const wrapPhase = (phase: Phase, changes: Partial<Phase>): Phase => ({
  name: phase.name,
  every: phase.every,
  ...(phase.optimizer && { optimizer: phase.optimizer }),
  ...(phase.figures && { figures: phase.figures }),
  ...(phase.figuresByField && { figuresByField: phase.figuresByField }),
  variables: (name) => phase.variables(name),
  terms: (step) => phase.terms(step),
  ...changes,
});
