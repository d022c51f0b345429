/** Messages between a sweep and the processes of its trials. */
import type { DataPlace } from "../../contracts/dataset.js";
import type { EngineChoice } from "../../engine/engine.js";
import type { ErrorCode, Problem } from "../../errors.js";
import type { Plugin } from "../../registry/plugins/load.js";
import type { ProgressEvent } from "../runs/reporter.js";
import type { TrackerEvent } from "../services/tracker.js";

export interface TrialRequest {
  /** Resolved, without a sweep. */
  spec: unknown;
  written: unknown;
  specFolder: string;
  /** Where the data lie. */
  place: DataPlace;
  diff: boolean;
  /** Those of the spec, as the sweep was started with them. */
  plugins: readonly Plugin[];
  folder: string;
  engine: EngineChoice;
  threads: number;
}
export type ToTrial = { type: "run"; request: TrialRequest } | { type: "abort" };
export type FromTrial =
  | { type: "event"; event: ProgressEvent }
  | { type: "tracked"; event: TrackerEvent }
  | { type: "done" }
  | { type: "failed"; code: ErrorCode; problems: readonly Problem[] };
