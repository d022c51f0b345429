/** Everything a run must remember beside its tensors to go on to the same bytes; state.json of a checkpoint. */
import { VaelabError } from "../../errors.js";
import { isObject } from "../../storage/json.js";

export interface TrainingState {
  /** Of the resolved spec without the length of the run: a checkpoint goes on under the spec that made it. */
  specHash: string;
  step: number;
  /** The newest checkpoint that the schedule of checkpoints asked for; one of an interrupted run is none. */
  checkpoint: number | null;
  best: { step: number; loss: number } | null;
  validationsSinceBest: number;
  /** Sums over the steps of the epoch under way, by output. */
  sums: Record<string, number[]>;
  summed: number;
  /** Length of history.jsonl. */
  historyOffset: number;
}

export const freshState = (specHash: string): TrainingState => ({
  specHash,
  step: 0,
  checkpoint: null,
  best: null,
  validationsSinceBest: 0,
  sums: {},
  summed: 0,
  historyOffset: 0,
});

/** @throws CHECKPOINT when it is not such a state. */
export const parseState = (value: unknown, where: string): TrainingState => {
  const state = value as Partial<TrainingState>;
  const whole =
    isObject(value) &&
    typeof state.specHash === "string" &&
    [state.step, state.validationsSinceBest, state.summed, state.historyOffset].every((n) => Number.isInteger(n)) &&
    isObject(state.sums) &&
    (state.checkpoint === null || Number.isInteger(state.checkpoint)) &&
    (state.best === null || isObject(state.best));
  if (!whole)
    throw new VaelabError("CHECKPOINT", {
      message: "the checkpoint's state.json is not one that this version wrote",
      where,
    });
  return state as TrainingState;
};
