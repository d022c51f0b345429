/**
 * What a run and a sweep leave on disk: names, and the types of the JSON in them. Writers are in src/experiments, readers
 * in src/report; both know a folder by this page alone.
 *
 *     runs/NAME-ID/                               sweeps/NAME-HASH/
 *       spec.json resolved.json provenance.json     sweep.json plan.jsonl summary.csv metrics.json report.html
 *       status.json history.jsonl metrics.json     trials/TRIAL/attempt-N/   (each laid out as a run)
 *       per-example.npz report.html log.txt
 *       samples/  checkpoints/step-N/  checkpoints/LATEST  checkpoints/BEST
 *       evaluations/N/{evaluation.json, metrics.json, per-example.npz}: scored again, by `vaelab evaluate`
 *
 * The types leave out "format", which every JSON file and every line carries: src/storage/format.ts.
 */
import type {
  FigureDefinition,
  Measurement,
  MeasurementKey,
  Measurements,
  PlaneDefinition,
} from "../contracts/measurement.js";

export const RUN_FILES = {
  spec: "spec.json",
  resolved: "resolved.json",
  provenance: "provenance.json",
  status: "status.json",
  history: "history.jsonl",
  metrics: "metrics.json",
  perExample: "per-example.npz",
  report: "report.html",
  log: "log.txt",
  samples: "samples",
  checkpoints: "checkpoints",
  evaluations: "evaluations",
  /** What an evaluation was asked for, and on what it was computed. */
  evaluation: "evaluation.json",
} as const;

/** Arrays of per-example.npz: what comes after this prefix is a field, its values the examples' labels, -1 where none is known. */
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
  /** Draws from the likelihood at prior samples: what is scored. */
  priorDraws: "prior-draws.png",
  /** Decoded means at the same prior samples. */
  priorMeans: "prior-means.png",
  /** Rows in pairs: originals of the test split, then their reconstructions (means). */
  reconstructions: "reconstructions.png",
  /** Each row walks from one test example to another by the posterior means' straight line. */
  interpolations: "interpolations.png",
  /** codes [n, latent] (posterior means of the test split), projection [n, 2] (principal components), label [n] where there is one. */
  latents: "latents.npz",
  /** How the grids of samples are laid out, and which samplers have some: `SampleLayout`. */
  layout: "layout.json",
} as const;

/** Pictures of what a sampler fitted after training makes, under samples/ too. */
export const samplerFile = (sampler: string, kind: "draws" | "means"): string => `ex-post-${sampler}-${kind}.png`;

export interface SampleLayout {
  /** Where a model is conditioned on a label of few classes: the class that each column was asked for. */
  columns?: { field: string; classes: readonly number[]; names?: readonly string[] };
  /** By name, those that samplerFile has pictures of. */
  samplers: readonly string[];
  /** Where the data are no images, of which nothing is drawn. */
  images?: false;
  /** Where images have another number of channels than a picture: the first of them are drawn. */
  channels?: { drawn: 1 | 3; of: number };
  /** Files of this folder that could not be made, and why. */
  notDrawn?: readonly { file: string; reason: string }[];
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
  /** Set once it has ended, in whatever way. */
  exit?: number;
  /** One line on why it ended, or on why one that finished exits with an error. */
  reason?: string;
  /** Where early stopping ended the training, unless all epochs were trained. */
  stoppedEarly?: EarlyStop;
}
/** After this epoch, so many validations had brought no gain. */
export interface EarlyStop {
  epoch: number;
  validations: number;
}

/** One line of history.jsonl; NaN and infinities are written as strings. */
export interface HistoryLine {
  step: number;
  epoch: number;
  split: "train" | "validation" | "test";
  /** "loss", "distortion", "rate", "gradientNorm", "kl/3" (dimension 3), "beta", "learningRate", "examplesPerSecond", ... */
  name: string;
  value: number | "NaN" | "Infinity" | "-Infinity";
}

export interface DeclaredFigure extends FigureDefinition {
  /** The type of the metric that declares it. */
  readonly metric: string;
}
/** What the metrics of a folder declare of the figures that it holds: readers know nothing else about them. */
export interface Declarations {
  /** By the figure's name, in the order in which the metrics declare them. */
  figures: Readonly<Record<string, DeclaredFigure>>;
  planes: readonly PlaneDefinition[];
}

/** metrics.json of a run: where this model stands. */
export interface RunMetrics extends Declarations {
  name: string;
  seed: number;
  split: string;
  checkpoint: { step: number; which: "best" | "last" };
  /**
   * By name: figure, then field, class and set of samples: "rate", "accuracy.label", "recall" (draws at samples of the prior),
   * "recall/means" (decoded means of the same codes), "recall/gaussian-mixture/means" (codes of that sampler). The attributes of a
   * measurement say the same; no reader takes a name apart.
   */
  measurements: Measurements;
  /**
   * The figures of samples again, of sets that every metric must rank rightly, by the set's name: "train" (training examples
   * against the scored split: the ceiling), "noise", "one-class", "memorized", "collapsed".
   */
  controls?: Readonly<Record<string, Measurements>>;
  /** Where some label has named classes: the classes of every label field, in the order of the fields. */
  classNames?: Readonly<Record<string, readonly string[]>>;
}

/** One line of plan.jsonl. */
export interface PlannedTrial {
  /** Hash of the resolved spec. */
  id: string;
  /** The swept paths and their values, the seed among them. */
  choices: Readonly<Record<string, unknown>>;
  seed: number;
}

/** sweep.json: written before the first trial. */
export interface SweepHeader {
  name: string;
  /** The swept paths, in the order of the spec. */
  axes: readonly { path: string; values: readonly unknown[] }[];
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
  /** Seeds that have the figure. */
  n: number;
  unit: string;
  better: Measurement["better"];
  /** Of at least one seed. */
  bound?: Measurement["bound"];
}

/** metrics.json of a sweep: one point a trial and one group a setting, over its seeds. */
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
