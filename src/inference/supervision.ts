/** Loss shared by all that predicts a label: the cross-entropy of labeled examples. */
import type { HeadStep, LabelCounts } from "../contracts/head.js";
import type { TermDeclarations } from "../contracts/logged-figure.js";
import type { Terms } from "../contracts/objective.js";
import type { Schedule } from "../contracts/schedule.js";
import { VaelabError } from "../errors.js";
import { type Scalar, type Tensor, tf } from "../tensor/tensor.js";
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

const shareOf = ({ counts, size }: LabelCounts): number => counts.reduce((sum, count) => sum + count, 0) / size;

/** weight * E[-ln p(label)] over labeled examples, and their accuracy. A split without labels adds 0 and logs nothing. */
export const supervision = (
  { batch, training, scalar, knownShare }: HeadStep,
  name: string,
  logProbabilities: Tensor,
  counts: LabelCounts,
  weight: Schedule,
): Pick<Terms, "loss" | "terms"> => {
  const labels = batch.fields[name]!;
  const known = knownLabels(batch, name);
  const share = training ? shareOf(counts) : knownShare?.(name);
  const mean = (values: Tensor) => labeledMean(values, known, share);
  const entropy = mean(crossEntropy(logProbabilities, labels));
  const loss = tf.mul<Scalar>(scalar(weight), entropy);
  if (share === 0) return { loss, terms: {} };
  return { loss, terms: { crossEntropy: entropy, accuracy: mean(correct(logProbabilities, labels)) } };
};

/** What `supervision` logs. */
export const SUPERVISION_FIGURES: TermDeclarations = {
  crossEntropy: { title: "cross-entropy", unit: "nats" },
  accuracy: { title: "accuracy", unit: "fraction" },
};
