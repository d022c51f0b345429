/** The checkpoint that evaluation and sampling use. */
import { VaelabError } from "../../errors.js";
import { type Checkpoint, readCheckpoint, type Warn } from "../../storage/checkpoint.js";
import { inside } from "../../storage/inside.js";
import { RUN_FILES } from "../../storage/layout.js";
import { readPointer } from "../../storage/pointer.js";
import { parseState } from "../training/training-state.js";

/** Where the pointer to the best one is damaged, the newest one still names it. @throws CHECKPOINT */
export const readScored = (folder: string, which: "best" | "last", warn: Warn): Checkpoint => {
  if (which === "last") return readCheckpoint(folder, "latest", warn);
  const checkpoints = inside(folder, RUN_FILES.checkpoints);
  if (readPointer(checkpoints, "best") !== undefined) return readCheckpoint(folder, "best", warn);
  const newest = readCheckpoint(folder, "latest", warn);
  const { best } = parseState(newest.state, folder);
  if (!best)
    throw new VaelabError("CHECKPOINT", {
      message: `no checkpoint is the best: up to step ${newest.step} none was validated`,
      where: checkpoints,
      remedy: "Train for longer.",
    });
  warn(
    `the BEST pointer is damaged or missing: step ${best.step} is taken, the best by the checkpoint of step ${newest.step}`,
  );
  return readCheckpoint(folder, best.step, warn);
};
