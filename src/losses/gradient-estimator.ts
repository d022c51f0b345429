/** The field of the objectives that choose among gradient estimators, and what each estimator needs of the posteriors. */
import type { Requirement, ResolvedFields } from "../contracts/kinds.js";
import { ESTIMATORS, type Estimator } from "../inference/estimated-weights.js";

export const ESTIMATOR = {
  enum: ESTIMATORS,
  default: "pathwise",
  description:
    "How the encoder learns: pathwise, the gradient of the bound; stl, without the gradient of ln q in its parameters (biased with several draws); dreg, as stl with squared weights (unbiased)",
} as const;

const DENSITY: Requirement = {
  kind: "posterior",
  capability: "density",
  reason:
    "Importance weights need the density of a draw. Choose a posterior with a density, or the objective elbo at beta 0",
};

/** Requirements of an objective with importance weights and a field "estimator". */
export const weightRequirements = ({ estimator = "pathwise" }: ResolvedFields): readonly Requirement[] => {
  if ((estimator as Estimator) === "pathwise") return [DENSITY];
  const needs = (capability: "reparameterized" | "evaluable", what: string): Requirement => ({
    kind: "posterior",
    capability,
    reason: `${estimator} needs ${what}. Choose a posterior such as diagonal-gaussian, or set "estimator" to "pathwise"`,
  });
  return [
    DENSITY,
    needs("reparameterized", "draws with a gradient"),
    needs("evaluable", "ln q at a draw apart from the gradient of its parameters"),
  ];
};
