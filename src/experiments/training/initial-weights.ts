/** Initial weights, drawn in the background of signals: those of a large model take minutes. */
import { VaelabError } from "../../errors.js";
import type { InitialValues, ParameterStore } from "../../tensor/parameters.js";
import { breathe } from "../evaluation/evaluation-program.js";
import { meter, type Reporter } from "../runs/reporter.js";

export interface DrawOptions {
  reporter?: Reporter;
  signal?: AbortSignal;
}

/** Milliseconds between two looks at signals, and until a report is worth its line. */
const PAUSE_EVERY = 50;
const REPORT_AFTER = 1000;

const interrupted = (): VaelabError =>
  new VaelabError("INTERRUPTED", {
    message: "interrupted while the initial weights were drawn; nothing is trained yet",
    remedy: "Start it again.",
  });

/** @throws INTERRUPTED */
export const drawInitialWeights = async (
  store: ParameterStore,
  seed: number,
  { reporter, signal }: DrawOptions = {},
): Promise<InitialValues> => {
  const drawing = store.drawInitialValues(seed);
  const total = store.size;
  const start = performance.now();
  const progress = reporter && meter(reporter, "initial weights", "value");
  let paused = start;
  let isReported = false;
  for (let next = drawing.next(); ; next = drawing.next()) {
    if (next.done) return next.value;
    const now = performance.now();
    if (now - paused < PAUSE_EVERY) continue;
    await breathe();
    if (now - start >= REPORT_AFTER) {
      if (!isReported) reporter?.event({ type: "phase", name: `drawing ${total} initial weights` });
      isReported = true;
      progress?.(Math.floor(next.value * total), total);
      // Before that, training is about to begin, and stops with a checkpoint.
      if (signal?.aborted) throw interrupted();
    }
    paused = performance.now();
  }
};
