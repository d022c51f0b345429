/** Loads the engine that a caller chose, and warns where `auto` fell back to a slower one. */
import type { Engine, EngineChoice } from "../../engine/engine.js";
import { loadEngine } from "../../engine/load.js";
import type { Reporter } from "../runs/reporter.js";

export interface EngineOptions {
  engine?: EngineChoice;
  /** Threads within an op; results repeat bit for bit only at one count. Default: 2 for a run, 1 for each trial of a sweep. */
  threads?: number;
}

export const startEngine = async ({ engine = "auto", threads }: EngineOptions, reporter: Reporter): Promise<Engine> => {
  const loaded = await loadEngine(engine, threads === undefined ? {} : { threads });
  if (loaded.why) reporter.event({ type: "warning", message: loaded.why });
  return loaded;
};
