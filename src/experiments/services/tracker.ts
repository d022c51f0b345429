/**
 * Experiment trackers receive the start of a run, its metrics, its files and its end. The default tracks nothing. Events are
 * plain data, so that a trial in another process can send them to the process that started it.
 */
import type { LoggedFigure } from "../../contracts/logged-figure.js";
import type { Measurement, MeasurementKey } from "../../contracts/measurement.js";
import type { ResolvedSpec } from "../../spec/experiment-schema.js";
import type { RunMetrics } from "../../storage/layout.js";
import { keyOf } from "../../storage/sweep-metrics.js";
import type { ProgressEvent, Reporter } from "../runs/reporter.js";

export type TrackerEvent = {
  /** The run's folder, absolute: what tells the events of several runs apart. */
  run: string;
} & (
  | { type: "started"; name: string; spec: ResolvedSpec; step: number }
  /**
   * After each epoch, by "train" and "validation"; after the evaluation, by the split that was scored. `figures` says of each value
   * what it is: title and unit, and for training phase, term, latent, field or schedule.
   */
  | { type: "metrics"; step: number; split: string; values: Readonly<Record<string, number>>; figures: TrackedFigures }
  | { type: "artifact"; path: string }
  | { type: "finished"; state: "finished" | "interrupted" | "failed"; reason?: string }
);
/** By the names of the values. */
export type TrackedFigures = Readonly<Record<string, LoggedFigure | TrackedMeasurement>>;
/** Which measurement of which figure, without its value. */
export type TrackedMeasurement = MeasurementKey & Pick<Measurement, "metric" | "unit" | "better"> & { title: string };
type OfRun<E> = E extends { run: string } ? Omit<E, "run"> : never;

export interface Tracker {
  /** Events of one run come one after another: the next waits for the promise, and so does the end of the run. */
  event(event: TrackerEvent): void | Promise<void>;
}
export const untracked: Tracker = { event: () => {} };

export interface RunTracker {
  /** A run that was refused before it started has no end either. */
  tell(event: OfRun<TrackerEvent>): void;
  /** Waits for every event told so far. */
  settled(): Promise<void>;
}

/** A failing tracker costs one warning per reason, never a result. */
export const trackRun = (tracker: Tracker, run: string, warn: (message: string) => void): RunTracker => {
  let last = Promise.resolve();
  const reasons = new Set<string>();
  let started = false;
  const failed = (error: unknown): void => {
    const reason = error instanceof Error ? error.message : String(error);
    if (!reasons.has(reason)) warn(`the tracker failed; the run continues without it: ${reason}`);
    reasons.add(reason);
  };
  return {
    tell: (event) => {
      started ||= event.type === "started";
      if (!started) return;
      last = last.then(() => tracker.event({ run, ...event })).catch(failed);
    },
    settled: () => last,
  };
};

/** Tells the finite measurements of an evaluation. */
export const trackEvaluation = (
  { tell }: RunTracker,
  { split, checkpoint, measurements, figures }: RunMetrics,
): void => {
  const values: Record<string, number> = {};
  const tracked: Record<string, TrackedMeasurement> = {};
  for (const [name, measurement] of Object.entries(measurements)) {
    const { figure, unit, better, value } = measurement;
    if (value === null) continue;
    values[name] = value;
    tracked[name] = { ...keyOf(measurement), title: figures[figure]!.title, unit, better };
  }
  tell({ type: "metrics", step: checkpoint.step, split, values, figures: tracked });
};

/** The reporter, whose epochs are told to the tracker as well. */
export const trackEpochs = (reporter: Reporter, { tell }: RunTracker): Reporter => ({
  event: (event: ProgressEvent) => {
    if (event.type === "epoch") {
      const { step, train, validation, figures } = event;
      tell({ type: "metrics", step, split: "train", values: train, figures });
      if (validation) tell({ type: "metrics", step, split: "validation", values: validation, figures });
    }
    reporter.event(event);
  },
});
