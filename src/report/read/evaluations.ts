/** What was scored after the run: evaluations/N, each with what it was asked for and its figures. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { RUN_FILES, type RunMetrics } from "../../storage/layout.js";
import { jsonPiece, type Piece } from "./piece.js";

export interface EvaluationRecord {
  /** Under the run's folder, as "evaluations/1". */
  place: string;
  metrics: Piece<RunMetrics>;
}

/** In the order in which they were made. */
export const readEvaluations = (folder: string): EvaluationRecord[] => {
  const all = join(folder, RUN_FILES.evaluations);
  if (!existsSync(all)) return [];
  const numbers = readdirSync(all).flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  return numbers
    .sort((a, b) => a - b)
    .map((number) => ({
      place: `${RUN_FILES.evaluations}/${number}`,
      metrics: jsonPiece<RunMetrics>(join(all, String(number)), RUN_FILES.metrics, ["figures", "checkpoint", "split"]),
    }));
};
