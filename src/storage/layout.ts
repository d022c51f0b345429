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
 */
import type { Figure } from "../contracts/metric.js";

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
  /** One line on why it ended, unless it finished. */
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

/**
 * metrics.json of a run: where this model stands, every figure with its n and k. A figure of samples stands there once for
 * each set of them: "recall" is of draws from the likelihood at samples of the prior, "recall/means" of decoded means at the
 * same samples, "recall/gaussian-mixture" of draws at the codes of that sampler, "recall/gaussian-mixture/means" of its means.
 */
export interface RunMetrics {
  name: string;
  seed: number;
  split: string;
  checkpoint: { step: number; which: "best" | "last" };
  figures: Readonly<Record<string, Figure>>;
  /**
   * The figures of samples again, of sets that every metric must rank rightly, by the set's name: "train" (training examples
   * against the scored split: the ceiling), "noise", "one-class", "memorized", "collapsed".
   */
  controls?: Readonly<Record<string, Readonly<Record<string, Figure>>>>;
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

/** metrics.json of a sweep: one point a trial and one group a setting, over its seeds. */
export interface SweepMetrics {
  name: string;
  points: readonly {
    trial: string;
    folder: string;
    choices: Readonly<Record<string, unknown>>;
    seed: number;
    figures: Readonly<Record<string, Figure>>;
    /** As in a run's. */
    controls?: RunMetrics["controls"];
  }[];
  groups: readonly {
    choices: Readonly<Record<string, unknown>>;
    seeds: readonly number[];
    /** Over seeds: mean, and a two-sided 95 % Student t interval of it; null bounds with fewer than two seeds. */
    figures: Readonly<
      Record<string, { mean: number; low: number | null; high: number | null; n: number; unit: string }>
    >;
  }[];
  interval: string;
}
