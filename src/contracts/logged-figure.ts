/**
 * The training history as data. Each logged value belongs to a figure, which says by attributes what it is: the loss or a term of
 * a phase of the objective, of which latent and dimension or of which field, the norm of a gradient, or a schedule. Reports,
 * terminals and trackers read these attributes; to them a name only tells one figure from another.
 */
import type { ScheduleRole } from "./schedule.js";

/** In the order in which readers show them. */
export const LOGGED_KINDS = ["loss", "term", "gradient-norm", "schedule"] as const;
export type LoggedKind = (typeof LOGGED_KINDS)[number];

/** What an objective or a head may declare of a term that it logs. */
export interface TermDeclaration {
  /** In a few words; by default the words of its name: "gradient norm" for "gradientNorm". */
  readonly title?: string;
  /** "nats" by default, per example; "" for a pure number. */
  readonly unit?: string;
}
/** By term. */
export type TermDeclarations = Readonly<Record<string, TermDeclaration>>;

export interface LoggedFigure {
  /** Unique in a run: "rate", "kl/z1", "distortion/age", "label.accuracy", "discriminator/loss", "objective.beta". */
  readonly name: string;
  readonly title: string;
  /** "" for a pure number. */
  readonly unit: string;
  readonly kind: LoggedKind;
  /** The phase of the objective; none of a schedule. */
  readonly phase?: string;
  /** The term as the objective or the head calls it. */
  readonly term?: string;
  /** The latent that it is about. */
  readonly latent?: string;
  /** The length of a vector over the dimensions of the latent, each of which is logged as a value of its own. */
  readonly dimensions?: number;
  /** The field of the data that an output generates or a head predicts. */
  readonly field?: string;
  /** What a schedule is for, if its field in the schema of its component says so. */
  readonly role?: ScheduleRole;
}
/** By name. */
export type LoggedFigures = Readonly<Record<string, LoggedFigure>>;
