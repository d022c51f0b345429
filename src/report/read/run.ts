/** A run's folder as its report needs it, each piece there or missing with its reason. */
import { RUN_FILES, type RunMetrics, type Status } from "../../storage/layout.js";
import { type Curves, readCurves } from "./curves.js";
import { jsonPiece, type Piece } from "./piece.js";

type Json = Readonly<Record<string, unknown>>;

export interface RunRecord {
  folder: string;
  status: Piece<Status>;
  resolved: Piece<Json>;
  provenance: Piece<Json>;
  metrics: Piece<RunMetrics>;
  curves: Piece<Curves>;
}

export const readStatus = (folder: string): Piece<Status> => jsonPiece<Status>(folder, RUN_FILES.status, ["state"]);

export const readRunMetrics = (folder: string): Piece<RunMetrics> =>
  jsonPiece<RunMetrics>(folder, RUN_FILES.metrics, ["measurements", "figures", "planes", "checkpoint", "split"]);

export const readRun = (folder: string): RunRecord => ({
  folder,
  status: readStatus(folder),
  resolved: jsonPiece<Json>(folder, RUN_FILES.resolved, []),
  provenance: jsonPiece<Json>(folder, RUN_FILES.provenance, []),
  metrics: readRunMetrics(folder),
  curves: readCurves(folder),
});
