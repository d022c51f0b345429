/**
 * Services that the experiments of a program share and can replace by name. A scope holds one of each:
 *
 *     standard ─ createLab({ ... }) ─ one call's reporter ─ each plugin of a spec ─ one run's log
 *
 * Each arrow is a child scope, which binds what it changes and takes the rest from its parent.
 */
import type { Engine, EngineChoice } from "../../engine/engine.js";
import type { Catalogue } from "../../registry/components/catalogue.js";
import type { Experiment } from "../../registry/experiment.js";
import type { Trial } from "../../registry/planning/trials.js";
import type { ServiceName } from "../../registry/plugins/services.js";
import type { ProgressEvent, Reporter } from "../runs/reporter.js";
import type { Clock } from "./clock.js";
import type { Tracker } from "./tracker.js";

/** Loads a tensor backend and makes it the live `tf`. @throws ENGINE */
export type EngineLoader = (choice: EngineChoice, options: { threads?: number }) => Promise<Engine>;

/** Keeps what is computed once a data set, such as a feature extractor, from one run to the next. */
export interface Cache {
  /**
   * The kept bytes, or else what `compute` gives, which is kept. Two calls at once with one key compute once.
   * @param kind the computation and its version: it changes whenever the result would
   * @param key everything else that the result depends on
   */
  once(
    kind: string,
    key: string,
    compute: () => Promise<Uint8Array>,
    warn: (message: string) => void,
  ): Promise<Uint8Array>;
}

export interface LaunchOptions {
  engine?: EngineChoice;
  /** Within an op; results repeat bit for bit only at one count. Default: 2 for a run, 1 for each trial of a sweep. */
  threads?: number;
  /** Trials of a sweep at once, each in a process of its own. Default: 1, in this process. */
  jobs?: number;
  /** Keep `git diff HEAD` of the spec's folder in provenance.json, and so in the report. */
  diff?: boolean;
  /** When aborted, a run writes a checkpoint and ends with INTERRUPTED. */
  signal?: AbortSignal;
}
/** Runs one trial of a sweep in the folder of its attempt. @throws whatever ended the trial */
export type RunTrial = (trial: Trial, folder: string, onEvent: (event: ProgressEvent) => void) => Promise<void>;
export interface TrialRunner {
  /** Trials that it runs at once. */
  jobs: number;
  runTrial: RunTrial;
  close(): void;
}
/** Decides where the trials of a sweep run. */
export type Launcher = (experiment: ScopedExperiment, options: LaunchOptions) => Promise<TrialRunner>;

export interface Services extends Record<ServiceName, unknown> {
  engine: EngineLoader;
  /** The components that specs can name; a spec's plugins are in a child of it. */
  catalogue: Catalogue;
  launcher: Launcher;
  reporter: Reporter;
  tracker: Tracker;
  cache: Cache;
  clock: Clock;
}

/** Services by name that replace those in place, or a function that makes them from those in place. A plugin exports one as `services`. */
export type Rebinding = Partial<Services> | ((services: Services) => Partial<Services>);

export interface Scope extends Services {
  /** What the program itself exchanged: it exists in this process alone. */
  readonly rebound: ReadonlySet<ServiceName>;
  child(rebinding: Rebinding): Scope;
}

export interface ScopedExperiment extends Experiment {
  /** With the components of its plugins, and what those rebind. */
  scope: Scope;
  /** Without: what another run is loaded in, such as one whose codes are the data of this one. */
  outer: Scope;
}
