/** Finds the newest attempt of each trial in a sweep folder. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { maximum } from "../../numerics/lists.js";
import { inside } from "../../storage/inside.js";
import { RUN_FILES, type RunState, SWEEP_FILES } from "../../storage/layout.js";
import { readFolder } from "../../storage/read-file.js";
import { readStatus } from "../../storage/status.js";

const ATTEMPT = /^attempt-([1-9]\d{0,8})$/;

/** Where a trial's attempts lie. @throws RUN_FOLDER where that leads out of the sweep's folder */
export const attemptFolder = (sweep: string, id: string, number: number): string =>
  inside(sweep, `${SWEEP_FILES.trials}/${id}/attempt-${number}`);

/** The newest attempt of a trial, if there is one. @throws RUN_FOLDER where it leads out of the sweep's folder */
export const newestAttempt = (sweep: string, id: string): { folder: string; number: number } | undefined => {
  const names = readFolder(inside(sweep, `${SWEEP_FILES.trials}/${id}`));
  const numbers = names.flatMap((name) => ATTEMPT.exec(name)?.[1] ?? []).map(Number);
  if (numbers.length === 0) return undefined;
  const number = maximum(numbers);
  return { folder: attemptFolder(sweep, id, number), number };
};

/** "interrupted" too where a process was killed before it could say anything. */
export const stateOf = (attempt: string): RunState =>
  existsSync(join(attempt, RUN_FILES.status)) ? readStatus(attempt).state : "interrupted";
