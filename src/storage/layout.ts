/**
 * Layout of run and sweep folders: file names, and the types of their JSON. Writers in src/experiments and readers in
 * src/report share only this file.
 *
 *     runs/NAME-ID/                               sweeps/NAME-HASH/
 *       spec.json resolved.json provenance.json     sweep.json plan.jsonl summary.csv metrics.json report.html
 *       status.json history.jsonl metrics.json     trials/TRIAL/attempt-N/   (each laid out as a run)
 *       per-example.npz report.html log.txt
 *       data.json conditions.npz: what the model needs of the data set
 *       samples/  checkpoints/step-N/  checkpoints/LATEST  checkpoints/BEST
 *       evaluations/N/{evaluation.json, metrics.json, per-example.npz}: scored again, by `vaelab evaluate`
 *
 * The types leave out "format", which every JSON file and every line carries: src/storage/format.ts.
 */
import type { DatasetDescription, SplitName } from "../contracts/dataset.js";
import type {
  FigureDefinition,
  Measurement,
  MeasurementKey,
  Measurements,
  PlaneDefinition,
} from "../contracts/measurement.js";
import type { ScheduleRole } from "../contracts/schedule.js";

export const RUN_FILES = {
  spec: "spec.json",
  resolved: "resolved.json",
  provenance: "provenance.json",
  /** The part of the data set that a model and its pictures need: `KeptData`. */
  data: "data.json",
  /** For a conditional model: conditions of training examples by field, and the rows of these examples in the split. */
  conditions: "conditions.npz",
  status: "status.json",
  history: "history.jsonl",
  metrics: "metrics.json",
  perExample: "per-example.npz",
  report: "report.html",
  log: "log.txt",
  samples: "samples",
  checkpoints: "checkpoints",
  evaluations: "evaluations",
  /** Settings of an evaluation, and the data and checkpoint that it used. */
  evaluation: "evaluation.json",
} as const;

/** Prefix of label arrays in per-example.npz, followed by the field name. Values are labels, -1 if unknown. */
export const LABELS = "labels/";

export const SWEEP_FILES = {
  sweep: "sweep.json",
  plan: "plan.jsonl",
  summary: "summary.csv",
  metrics: "metrics.json",
  report: "report.html",
  trials: "trials",
} as const;

/** Pictures and arrays under samples/; grids are 8 bits deep, one row of a grid after another. */
export const SAMPLE_FILES = {
  /** Draws from the likelihood at prior samples, which metrics score. */
  priorDraws: "prior-draws.png",
  /** Decoded means at the same prior samples. */
  priorMeans: "prior-means.png",
  /** Pairs of rows: test examples, then their reconstructions (means). */
  reconstructions: "reconstructions.png",
  /** Each row interpolates linearly between the posterior means of two test examples. */
  interpolations: "interpolations.png",
  /**
   * For the scored split: codes [n, latent] (posterior means), projection [n, 2] (principal components), label [n] if the data
   * have one, and conditions/FIELD [n, ...] for a conditional model.
   */
  latents: "latents.npz",
  /** Layout of the sample grids, and the samplers that have them: `SampleLayout`. */
  layout: "layout.json",
} as const;

/** Arrays of latents.npz and conditions.npz: a field that the model is conditioned on comes after this prefix. */
export const CONDITIONS = "conditions/";

/** Pictures of ex-post samplers, also under samples/. */
export const samplerFile = (sampler: string, kind: "draws" | "means"): string => `ex-post-${sampler}-${kind}.png`;

export interface SampleLayout {
  /** Requested class of each column, if the model is conditioned on a label with few classes. */
  columns?: { field: string; classes: readonly number[]; names?: readonly string[] };
  /** Names of the samplers with pictures at samplerFile. */
  samplers: readonly string[];
  /** Set if the data are not images; nothing is drawn then. */
  images?: false;
  /** Set if images have another number of channels than a picture; the first channels are drawn. */
  channels?: { drawn: 1 | 3; of: number };
  /** The split whose codes latents.npz holds, and the SHA-256 of the manifest of the checkpoint that computed them. */
  codes?: { split: SplitName; checkpoint: string };
  /** Files of this folder that could not be written, and why. */
  notDrawn?: readonly { file: string; reason: string }[];
}

/** data.json: the part of the data set that a run keeps. */
export interface KeptData extends Omit<DatasetDescription, "columns"> {
  sha256: string;
  /** Number of training examples in each category, for the fields whose counts the model was built with. */
  labelCounts: Readonly<Record<string, readonly number[]>>;
  /** Smallest and largest training value, for images whose support does not say which values are black and white. */
  trainingRange?: { low: number; high: number };
}

export type RunState = "running" | "interrupted" | "failed" | "finished";
export interface Status {
  state: RunState;
  /** Counts every start and resume. */
  attempt: number;
  pid: number;
  host: string;
  /** ISO 8601. */
  startedAt: string;
  updatedAt: string;
  step: number;
  totalSteps: number;
  /** Set once the run has ended in any state. */
  exit?: number;
  /** One-line reason for the end, or for the error exit of a finished run. */
  reason?: string;
  /** Set if early stopping ended the training. */
  stoppedEarly?: EarlyStop;
}
/** The epoch, and the number of validations without a gain that had passed by then. */
export interface EarlyStop {
  epoch: number;
  validations: number;
}

/** One value in history.jsonl; NaN and infinities are written as strings. Other lines of it are `{ figures: LoggedFigure[] }`. */
export interface HistoryLine {
  step: number;
  epoch: number;
  split: SplitName;
  /** Name of the figure, which an earlier line declares. */
  name: string;
  /** Dimension of the latent, from 0, if the figure is a vector. */
  dimension?: number;
  value: number | "NaN" | "Infinity" | "-Infinity";
}
/** A line of values with its value parsed to a number. */
export type HistoryEntry = Omit<HistoryLine, "value"> & { value: number };

export interface DeclaredFigure extends FigureDefinition {
  /** The type of the metric that declares it. */
  readonly metric: string;
}
/** Declarations of the figures in a folder by its metrics; readers know nothing else about figures. */
export interface Declarations {
  /** By the figure's name, in the order in which the metrics declare them. */
  figures: Readonly<Record<string, DeclaredFigure>>;
  planes: readonly PlaneDefinition[];
}

/** metrics.json of a run. */
export interface RunMetrics extends Declarations {
  name: string;
  seed: number;
  split: string;
  checkpoint: { step: number; which: "best" | "last" };
  /**
   * By name: figure, then field, class and set of samples: "rate", "accuracy.label", "recall" (draws at samples of the
   * prior), "recall/means" (decoded means of the same codes), "recall/gaussian-mixture/means" (codes of that sampler). The
   * attributes of a measurement hold the same information; readers never parse names.
   */
  measurements: Measurements;
  /**
   * The same figures for control sets of known quality, by name of the set: "train" (training examples against the scored
   * split: the ceiling), "noise", "one-class", "memorized", "collapsed".
   */
  controls?: Readonly<Record<string, Measurements>>;
  /** Class names of every label field, in field order, if any label has named classes. */
  classNames?: Readonly<Record<string, readonly string[]>>;
}

/** One line of plan.jsonl. */
export interface PlannedTrial {
  /** Hash of the resolved spec. */
  id: string;
  /** Swept paths and their values, including the seed. */
  choices: Readonly<Record<string, unknown>>;
  seed: number;
}

/** sweep.json: written before the first trial. */
export interface SweepHeader {
  name: string;
  /** The swept paths, in the order of the spec. A path to a schedule, or into one, has the `role` of that schedule. */
  axes: readonly { path: string; values: readonly unknown[]; role?: ScheduleRole }[];
  seeds: readonly number[];
  trials: number;
}

/** A measurement over the seeds of one setting: its mean and a two-sided 95 % Student t interval of the mean. */
export interface SettingMeasurement extends MeasurementKey {
  metric: string;
  mean: number;
  /** Null with fewer than two seeds, as is `high`. */
  low: number | null;
  high: number | null;
  /** Number of seeds with the figure. */
  n: number;
  unit: string;
  better: Measurement["better"];
  /** Set if at least one seed has it. */
  bound?: Measurement["bound"];
}

/** metrics.json of a sweep: one point per trial and one group per setting, over its seeds. */
export interface SweepMetrics extends Declarations {
  name: string;
  points: readonly {
    trial: string;
    folder: string;
    choices: Readonly<Record<string, unknown>>;
    seed: number;
    measurements: Measurements;
    /** As in a run's. */
    controls?: RunMetrics["controls"];
    classNames?: RunMetrics["classNames"];
  }[];
  groups: readonly {
    choices: Readonly<Record<string, unknown>>;
    seeds: readonly number[];
    measurements: Readonly<Record<string, SettingMeasurement>>;
  }[];
  interval: string;
}
