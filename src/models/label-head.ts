/**
 * What a latent that stands for a label adds to the loss (Kingma et al. 2014, eq. 9): alpha times the mean cross-entropy of q(y | x)
 * over the examples whose label is known. The paper's alpha is this one times the number of examples, because its loss is a sum.
 */
import type { Head, LabelCounts } from "../contracts/head.js";
import type { Schedule } from "../contracts/schedule.js";
import { assertLabeled, SUPERVISION_FIGURES, supervision } from "../inference/supervision.js";

export const labelHead = (field: string, counts: LabelCounts, alpha: Schedule): Head => {
  assertLabeled(field, counts);
  return {
    plan: { field, role: "target", seenBy: { encoder: false, prior: false, decoder: false } },
    figures: SUPERVISION_FIGURES,
    predict: ({ labelLogProbabilities }) => labelLogProbabilities[field]!,
    terms: (step) => supervision(step, field, step.inferred.labelLogProbabilities[field]!, counts, alpha),
  };
};
