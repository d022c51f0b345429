/** Early stopping: whether it ended a run, and what of it a run that goes on may change. */
import { VaelabError } from "../../errors.js";
import type { ResolvedSpec } from "../../spec/experiment-schema.js";
import type { EarlyStop } from "../../storage/layout.js";
import { describeEarlyStop } from "../../storage/status.js";
import type { Assembled } from "./assemble.js";
import type { TrainingState } from "./training-state.js";

type Training = ResolvedSpec["training"];
type Progress = Pick<TrainingState, "step" | "validationsSinceBest">;
type Length = Pick<Assembled, "stepsPerEpoch" | "totalSteps">;

/** Whether the patience of these settings has run out. */
export const isStopped = ({ validationsSinceBest }: Progress, { earlyStopping }: Training): boolean =>
  earlyStopping !== undefined && validationsSinceBest >= earlyStopping.patience;

/** Where early stopping ended the run; undefined where it trained all of its epochs. */
export const earlyStopOf = (state: Progress, training: Training, length: Length): EarlyStop | undefined =>
  isStopped(state, training) && state.step < length.totalSteps ? stopAt(state, length) : undefined;

const stopAt = ({ step, validationsSinceBest }: Progress, { stepsPerEpoch }: Length): EarlyStop => ({
  epoch: Math.floor(step / stepsPerEpoch),
  validations: validationsSinceBest,
});

/**
 * A longer run becomes the one that was that long from the start, which early stopping would have ended at the same epoch. With
 * more patience it becomes the one that had this patience from the start; with less, it would have ended before.
 * @param before what the run was last told
 * @throws RUN_FOLDER
 */
export const assertGoesOn = (
  state: Progress,
  before: Training,
  now: Training,
  length: Length,
  folder: string,
): void => {
  const refuse = (message: string, remedy: string): VaelabError =>
    new VaelabError("RUN_FOLDER", { message, where: folder, remedy });
  const [old, patience] = [before.earlyStopping?.patience, now.earlyStopping?.patience];
  if (old !== undefined && patience !== undefined && patience < old)
    throw refuse(
      `the run was trained with a patience of ${old}, and would have ended before with ${patience}`,
      `Patience can only be raised: ask for ${old} or more.`,
    );
  if (now.epochs > before.epochs && isStopped(state, now))
    throw refuse(
      `${describeEarlyStop(stopAt(state, length))}; a longer run would stop there as well`,
      `Raise the patience: vaelab resume ${folder} --epochs ${now.epochs} --patience ${state.validationsSinceBest + 1}, or more.`,
    );
  if (old !== patience && state.step >= length.totalSteps)
    throw refuse(
      `the run has trained all of its ${now.epochs} epochs, so patience changes nothing`,
      "Ask for more epochs, or leave --patience out.",
    );
};
