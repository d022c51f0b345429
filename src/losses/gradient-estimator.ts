/** The fields of the objectives that choose among gradient estimators, and what each estimator needs of the rest of the spec. */
import type { Requirement, ResolvedFields } from "../contracts/kinds.js";
import type { ObjectiveContext } from "../contracts/objective.js";
import { VaelabError } from "../errors.js";
import { ESTIMATORS, type Estimator } from "../inference/estimated-weights.js";
import { mapValues } from "../numerics/records.js";
import { BASELINE, type BaselineFields, learnedBaseline } from "./baseline.js";
import { nvil, type Signals, vimco } from "./draw-signals.js";

const SCORE_ESTIMATORS = ["vimco", "nvil"] as const;
type ScoreEstimator = (typeof SCORE_ESTIMATORS)[number];

const FOLLOWING =
  "pathwise, the gradient of the bound; stl, without the gradient of ln q in its parameters (biased with several draws); dreg, as stl with squared weights (unbiased)";

/** Of bounds for which draws need a gradient. */
export const PATHWISE_ESTIMATOR = {
  enum: ESTIMATORS,
  default: "pathwise",
  description: `How the encoder learns: ${FOLLOWING}`,
} as const;

/** Of bounds that can score draws as well. */
export const ESTIMATION = {
  estimator: {
    enum: [...ESTIMATORS, ...SCORE_ESTIMATORS],
    default: "pathwise",
    description: `How the encoder learns: ${FOLLOWING}; vimco and nvil, by the scores of draws, which may be discrete, against the other draws or against a learned baseline`,
  },
  baseline: BASELINE,
} as const;

export interface EstimationFields {
  estimator: Estimator | ScoreEstimator;
  baseline?: BaselineFields | undefined;
}

/** Whether draws are scored, and need no gradient. */
export const isScoring = (estimator: unknown): estimator is ScoreEstimator =>
  SCORE_ESTIMATORS.some((each) => each === estimator);

export const scoring = ({ estimator }: ResolvedFields): readonly "scores"[] => (isScoring(estimator) ? ["scores"] : []);

/** Fills the fields of the baseline. @throws SPEC_COMBINATION at a baseline that is not used, and at vimco with one draw */
export const resolvedEstimation = (fields: ResolvedFields): ResolvedFields => {
  const { estimator = "pathwise", baseline, samples } = fields;
  if (baseline !== undefined && estimator !== "nvil")
    throw new VaelabError("SPEC_COMBINATION", {
      message: `the estimator "${estimator}" has no "baseline"`,
      remedy: 'Set "estimator" to "nvil", or leave "baseline" out.',
    });
  if (estimator === "vimco" && samples === 1)
    throw new VaelabError("SPEC_COMBINATION", {
      message: 'the estimator "vimco" holds each draw against the others, and "samples" is 1',
      remedy: 'Set "samples" to 2 or more, or "estimator" to "nvil".',
    });
  return estimator === "nvil"
    ? { ...fields, baseline: baseline ?? mapValues(BASELINE.properties, (field) => field.default) }
    : fields;
};

/** What a weighted phase takes: how draws with a gradient are followed, or how others are scored. */
export const gradientOf = (
  { estimator, baseline }: EstimationFields,
  context: ObjectiveContext,
): Estimator | Signals => {
  if (estimator === "nvil") return nvil(learnedBaseline(context, baseline!));
  return estimator === "vimco" ? vimco : estimator;
};

const DENSITY: Requirement = {
  kind: "posterior",
  capability: "density",
  reason:
    "Importance weights need the density of a draw. Choose a posterior with a density, or the objective elbo at beta 0",
};

/** What an estimator needs that scores draws. */
export const evaluable = (estimator: ScoreEstimator): Requirement => ({
  kind: "posterior",
  capability: "evaluable",
  reason: `${estimator} needs ln q at a draw that has no gradient. Choose a posterior such as bernoulli or diagonal-gaussian, or set "estimator" to "pathwise"`,
});

/** Requirements of an objective with importance weights and a field "estimator". */
export const weightRequirements = ({ estimator = "pathwise" }: ResolvedFields): readonly Requirement[] => {
  if (estimator === "pathwise") return [DENSITY];
  if (isScoring(estimator)) return [DENSITY, evaluable(estimator)];
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
