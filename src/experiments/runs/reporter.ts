import type { LoggedFigures } from "../../contracts/logged-figure.js";
import type { EarlyStop } from "../../storage/layout.js";

/** Events that a run reports to its caller. Times are informative only; results do not depend on them. */
export type ProgressEvent =
  | { type: "phase"; name: string }
  | {
      type: "progress";
      name: string;
      done: number;
      total: number;
      unit: string;
      /** Units a second; added to what a run tells, by the clock of the program. */
      rate?: number;
      secondsLeft?: number;
      details?: Record<string, number>;
    }
  | {
      type: "epoch";
      epoch: number;
      epochs: number;
      /** Steps trained so far. */
      step: number;
      /** Means over the steps of the epoch, and the last values of the schedules, by the name of the figure. */
      train: Record<string, number>;
      validation?: Record<string, number>;
      /** What each of these names stands for. */
      figures: LoggedFigures;
    }
  | ({ type: "stopped-early" } & EarlyStop)
  | {
      type: "trial";
      index: number;
      total: number;
      id: string;
      choices: Record<string, unknown>;
      state: "started" | "finished" | "failed" | "skipped";
      seconds?: number;
      /** Where early stopping ended it. */
      stoppedEarly?: EarlyStop;
    }
  /** A plugin whose code is about to run. */
  | { type: "plugin"; file: string; sha256: string }
  | { type: "warning"; message: string };

export interface Reporter {
  event(event: ProgressEvent): void;
}
export const silent: Reporter = { event: () => {} };

/** Reports one progress, step by step. */
export const meter =
  (
    reporter: Reporter,
    name: string,
    unit: string,
  ): ((done: number, total: number, details?: Record<string, number>) => void) =>
  (done, total, details) =>
    reporter.event({ type: "progress", name, done, total, unit, ...(details && { details }) });
