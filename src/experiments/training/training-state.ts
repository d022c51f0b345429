/** state.json of a checkpoint: everything besides tensors that a run needs to resume to the same bytes. */
import { VaelabError } from "../../errors.js";
import { isObject } from "../../storage/json.js";

export interface TrainingState {
  /** Hash of the resolved spec without the length of the run. A checkpoint resumes only under the spec that made it. */
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

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

const COUNTS = ["step", "validationsSinceBest", "summed", "historyOffset"] as const;

const faultOf = (value: unknown): string | undefined => {
  if (!isObject(value)) return "it is not an object";
  const wrong = COUNTS.find((name) => !isCount(value[name]));
  if (wrong !== undefined)
    return `its ${wrong} is ${JSON.stringify(value[wrong]) ?? "missing"}, not a whole number of at least 0`;
  const { specHash, sums, checkpoint, best } = value;
  if (typeof specHash !== "string") return "its specHash is missing";
  if (!isObject(sums) || !Object.values(sums).every(Array.isArray)) return "its sums are not lists by name";
  if (checkpoint !== null && !isCount(checkpoint)) return "its checkpoint is not a step";
  if (best !== null && !(isObject(best) && isCount(best.step) && typeof best.loss === "number"))
    return "its best is not a step and a loss";
  return undefined;
};

/** Whether this is the state of a checkpoint that the schedule asked for, and not one of an interruption. */
export const isPlanned = (state: unknown, step: number): boolean => isObject(state) && state.checkpoint === step;

/** @param where the folder that holds it @throws CHECKPOINT when it is not such a state. */
export const parseState = (value: unknown, where: string): TrainingState => {
  const fault = faultOf(value);
  if (fault === undefined) return value as TrainingState;
  throw new VaelabError("CHECKPOINT", {
    message: `the checkpoint's state.json is not one that this version wrote: ${fault}`,
    where,
    remedy: "Restore the original checkpoint, or start the run again.",
  });
};
