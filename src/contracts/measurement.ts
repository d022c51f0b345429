/**
 * Measurements as data. The definition of a metric declares its figures: title, unit, direction, section and how to read them.
 * A measurement is one number of one figure, with attributes that tell it from the others of its family. Reports, tables,
 * summaries and comparisons read these declarations and attributes, and nothing else, so they show a new metric unchanged.
 */

/** Sections of a report, in the order in which it shows them. */
export const SECTIONS = ["likelihood", "reconstruction", "latent", "tasks", "samples"] as const;
export type Section = (typeof SECTIONS)[number];

export const DIRECTIONS = ["higher", "lower", "neither"] as const;
/** Which values are better; "neither" where a figure ranks nothing by itself. */
export type Better = (typeof DIRECTIONS)[number];

/** What tells the measurements of one figure apart: the scored samples, a field, a class of a label, a latent, or an encoder. */
export const FAMILY_AXES = ["set", "field", "class", "latent", "encoder"] as const;
export type FamilyAxis = (typeof FAMILY_AXES)[number];

/** What a metric declares of one figure. */
export interface FigureDefinition {
  /** The figure in a sentence: "NLL", "squared error". */
  readonly title: string;
  /** "nats", "bits", "fraction", "ratio", "dimensions", ... */
  readonly unit: string;
  readonly better: Better;
  readonly section: Section;
  /** How to read the figure: one sentence, or a few. */
  readonly reading: string;
  /** What the figure is measured by; without it, a run has one measurement of the figure. */
  readonly by?: readonly FamilyAxis[];
  /**
   * "headline": the figure's chart opens the report of a sweep. "detail": left out where there is room for few figures, which are
   * the tiles of a run, the terminal table of a sweep and the chart of a comparison.
   */
  readonly prominence?: "headline" | "detail";
  /** What `k` counts: "draws per example", "neighbors". */
  readonly k?: string;
  /** When a value is marked as a bound: "a median effective sample size below 10". */
  readonly bound?: string;
  /** The figure whose chart draws this one too, as a line of its own; both have the same unit. */
  readonly chart?: string;
}
/** By the figure's name, in the order in which tables show them. */
export type FigureDefinitions = Readonly<Record<string, FigureDefinition>>;

export interface PlaneAxisDefinition {
  readonly figure: string;
  /** What the figure stands for here: "fidelity". */
  readonly role?: string;
  /** Instead of the figure's own direction. */
  readonly better?: "higher" | "lower";
}
/** Two figures that a report draws against each other, once for each set of samples that has both. */
export interface PlaneDefinition {
  readonly x: PlaneAxisDefinition;
  readonly y: PlaneAxisDefinition;
  readonly reading: string;
  /** A line of equal x + y through the least sum, labeled by that sum times `sign`. */
  readonly equalSum?: { readonly title: string; readonly sign: 1 | -1; readonly reading: string };
  /** Where the hypervolume is measured from; by default the worst value of each figure. */
  readonly origin?: { readonly x: number; readonly y: number };
}

/** Where scored samples come from. */
export interface SampleSource {
  /** The sampler, fitted after training, that draws the codes; absent: the prior. */
  readonly sampler?: string;
  /** Draws from the likelihood, or its means. */
  readonly output: "draws" | "means";
}
export interface ClassOfLabel {
  readonly field: string;
  /** The class's place among those of the field, from 0. */
  readonly index: number;
}
/** The encoder that inferred the codes: the one trained with the model, or a copy refitted at beta 1. */
export type EncoderName = "training" | "refitted";

/** Which measurement of which figure. */
export interface MeasurementKey {
  readonly figure: string;
  readonly set?: SampleSource;
  readonly field?: string;
  readonly class?: ClassOfLabel;
  readonly latent?: string;
  readonly encoder?: EncoderName;
}
interface MeasuredValue extends MeasurementKey {
  /** Null where the figure does not exist for this model; `note` then says why. */
  readonly value: number | null;
  /** Examples that it was computed from. */
  readonly n: number;
  /** What the figure's declaration says: importance samples per example, neighbors, ... */
  readonly k?: number;
  /** Standard error over examples, where the value is a mean. */
  readonly standardError?: number;
  /** The true value lies at or below an upper bound, at or above a lower one. */
  readonly bound?: "upper" | "lower";
  readonly note?: string;
}
/** What a metric returns: one entry a measurement. */
export interface Measured extends MeasuredValue {
  /** The values whose mean this is, in the order of the split's examples. */
  readonly perExample?: Float32Array;
}
/** A measurement as run folders keep it: it says by itself what it is. */
export interface Measurement extends MeasuredValue {
  /** The metric's type. */
  readonly metric: string;
  readonly unit: string;
  readonly better: Better;
  /** What the value came out as, if that is not a finite number: `value` is then null, and the run exits with 1. */
  readonly notFinite?: "NaN" | "Infinity" | "-Infinity";
  /** True where per-example.npz holds its values under the measurement's name. */
  readonly perExample?: boolean;
}
/** By name, which is unique in a run: "rate", "recall/means", "accuracy.label". */
export type Measurements = Readonly<Record<string, Measurement>>;
