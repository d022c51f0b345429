/** Later evaluations of a run: evaluations/N, each with its settings and figures. */
import { RUN_FILES, type RunMetrics } from "../../storage/layout.js";
import { runMetricsGuard } from "../../storage/layout-guards.js";
import { readFolder } from "../../storage/read-file.js";
import { has, jsonPiece, type Piece, pieceOf } from "./piece.js";

export interface EvaluationRecord {
  /** Under the run's folder, as "evaluations/1". */
  place: string;
  metrics: Piece<RunMetrics>;
}

/** In the order in which they were made. */
export const readEvaluations = (folder: string): EvaluationRecord[] => {
  const names = pieceOf(folder, RUN_FILES.evaluations, readFolder);
  if (!has(names)) return [{ place: RUN_FILES.evaluations, metrics: names }];
  return names.value
    .flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []))
    .sort((a, b) => a - b)
    .map((number) => {
      const place = `${RUN_FILES.evaluations}/${number}`;
      const metrics = jsonPiece<RunMetrics>(folder, `${place}/${RUN_FILES.metrics}`, runMetricsGuard);
      return { place, metrics };
    });
};
