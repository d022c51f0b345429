/** Reads a run folder for its report; each piece is present, or missing with a reason. */
import { RUN_FILES, type RunMetrics, type Status } from "../../storage/layout.js";
import { objectGuard, runMetricsGuard, statusGuard } from "../../storage/layout-guards.js";
import { type Curves, readCurves } from "./curves.js";
import { jsonPiece, type Piece } from "./piece.js";

export type Json = Readonly<Record<string, unknown>>;

export interface RunRecord {
  folder: string;
  status: Piece<Status>;
  resolved: Piece<Json>;
  provenance: Piece<Json>;
  metrics: Piece<RunMetrics>;
  curves: Piece<Curves>;
}

export const readStatus = (folder: string): Piece<Status> => jsonPiece<Status>(folder, RUN_FILES.status, statusGuard);

export const readRunMetrics = (folder: string): Piece<RunMetrics> =>
  jsonPiece<RunMetrics>(folder, RUN_FILES.metrics, runMetricsGuard);

/** Limit in bytes: a page contains these files whole. */
const LARGEST = 2 ** 24;
export const readResolved = (folder: string): Piece<Json> =>
  jsonPiece<Json>(folder, RUN_FILES.resolved, objectGuard, LARGEST);
export const readProvenance = (folder: string): Piece<Json> =>
  jsonPiece<Json>(folder, RUN_FILES.provenance, objectGuard, LARGEST);

export const readRun = (folder: string): RunRecord => ({
  folder,
  status: readStatus(folder),
  resolved: readResolved(folder),
  provenance: readProvenance(folder),
  metrics: readRunMetrics(folder),
  curves: readCurves(folder),
});
