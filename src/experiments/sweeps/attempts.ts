/** What a sweep's folder holds: the plan of its trials, and the newest attempt of each. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseJson } from "../../storage/json.js";
import { type PlannedTrial, RUN_FILES, type RunState, SWEEP_FILES } from "../../storage/layout.js";
import { readBytes, readFolder } from "../../storage/read-file.js";
import { readStatus } from "../../storage/status.js";

const ATTEMPT = /^attempt-(\d+)$/;

/** The newest attempt of a trial, if there is one. */
export const newestAttempt = (trial: string): { folder: string; number: number } | undefined => {
  const numbers = readFolder(trial).flatMap((name) => (ATTEMPT.test(name) ? [Number(ATTEMPT.exec(name)?.[1])] : []));
  if (numbers.length === 0) return undefined;
  const number = Math.max(...numbers);
  return { folder: join(trial, `attempt-${number}`), number };
};

/** "interrupted" too where a process was killed before it could say anything. */
export const stateOf = (attempt: string): RunState =>
  existsSync(join(attempt, RUN_FILES.status)) ? readStatus(attempt).state : "interrupted";

export const readPlan = (folder: string): PlannedTrial[] => {
  const path = join(folder, SWEEP_FILES.plan);
  return readBytes(path)
    .toString("utf8")
    .trimEnd()
    .split("\n")
    .map((line, i) => parseJson(line, `${path}:${i + 1}`) as PlannedTrial);
};
