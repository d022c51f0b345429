/** Loss shared by all that predicts a label: the cross-entropy of labeled examples. */
import type { HeadStep, LabelCounts } from "../contracts/head.js";
import type { TermDeclarations } from "../contracts/logged-figure.js";
import type { Terms } from "../contracts/objective.js";
import type { Schedule } from "../contracts/schedule.js";
import { VaelabError } from "../errors.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { correct, crossEntropy, knownLabels, labeledMean } from "./known-labels.js";

/** @throws DATA if no example is labeled. */
export const assertLabeled = (name: string, { counts }: LabelCounts): void => {
  if (counts.some((count) => count > 0)) return;
  throw new VaelabError("DATA", {
    message: `no training example has a known "${name}"`,
    where: "/data",
    remedy: "Label some examples, or remove the head.",
  });
};

/** weight * E[-ln p(label)] over labeled examples, and their accuracy. */
export const supervision = (
  { batch, training, scalar }: HeadStep,
  name: string,
  logProbabilities: Tensor,
  counts: LabelCounts,
  weight: Schedule,
): Pick<Terms, "loss" | "terms"> => {
  const labels = batch.fields[name]!;
  const known = knownLabels(batch, name);
  const mean = (values: Tensor) => labeledMean(values, known, counts, training);
  const entropy = mean(crossEntropy(logProbabilities, labels));
  return {
    loss: tf.mul(scalar(weight), entropy),
    terms: { crossEntropy: entropy, accuracy: mean(correct(logProbabilities, labels)) },
  };
};

/** What `supervision` logs. */
export const SUPERVISION_FIGURES: TermDeclarations = {
  crossEntropy: { title: "cross-entropy", unit: "nats" },
  accuracy: { title: "accuracy", unit: "fraction" },
};
