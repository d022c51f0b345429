/** plan.jsonl: the trials of a sweep, one per line, written before the first trial starts. */
import { join } from "node:path";
import { VaelabError } from "../errors.js";
import { FORMAT, withoutFormat } from "./format.js";
import { parseJson } from "./json.js";
import { type PlannedTrial, SWEEP_FILES } from "./layout.js";
import { plannedTrialGuard } from "./layout-guards.js";
import { readBytes } from "./read-file.js";

/** Content of the file for these trials. */
export const planText = (trials: readonly PlannedTrial[]): string =>
  trials.map(({ id, choices, seed }) => `${JSON.stringify({ format: FORMAT, id, choices, seed })}\n`).join("");

/** @throws NOT_FOUND, NOT_READABLE, FORMAT; RUN_FOLDER naming the first line that is not a trial */
export const readPlan = (folder: string): PlannedTrial[] => {
  const path = join(folder, SWEEP_FILES.plan);
  const lines = readBytes(path).toString("utf8").split("\n");
  return lines.flatMap((line, i) => {
    if (line.trim() === "") return [];
    const where = `${path}:${i + 1}`;
    const trial = withoutFormat(parseJson(line, where), where);
    const fault = plannedTrialGuard(trial, "");
    if (fault === undefined) return trial as PlannedTrial;
    throw new VaelabError("RUN_FOLDER", { message: `not a planned trial: ${fault}`, where });
  });
};
