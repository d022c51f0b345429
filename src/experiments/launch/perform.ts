/** Performs an experiment in its folder, as one run or as a sweep: new or resumed. */
import { join } from "node:path";
import { createBuilder } from "../../registry/components/build.js";
import { planTrials } from "../../registry/planning/trials.js";
import { type EarlyStop, RUN_FILES, SWEEP_FILES } from "../../storage/layout.js";
import { readStatus } from "../../storage/status.js";
import { performRun } from "../runs/run.js";
import type { LaunchOptions, ScopedExperiment } from "../services/services.js";
import { performSweep } from "../sweeps/sweep.js";
import { checkData } from "../training/checked-dataset.js";
import { startEngine } from "./start-engine.js";

export interface Place {
  folder: string;
  kind: "run" | "sweep";
}
export interface Outcome extends Place {
  /** Path of the HTML file. */
  report: string;
  /** Set if early stopping ended the run. */
  stoppedEarly?: EarlyStop;
}

export const outcomeAt = ({ folder, kind }: Place): Outcome => {
  if (kind === "sweep") return { folder, kind, report: join(folder, SWEEP_FILES.report) };
  const { stoppedEarly } = readStatus(folder);
  return { folder, kind, report: join(folder, RUN_FILES.report), ...(stoppedEarly && { stoppedEarly }) };
};

const performTrials = async (experiment: ScopedExperiment, folder: string, options: LaunchOptions): Promise<void> => {
  const { scope } = experiment;
  const { signal } = options;
  const specs = planTrials(experiment).map(({ spec }) => spec);
  await checkData(specs, createBuilder(scope.catalogue), experiment.place);
  const runner = await scope.launcher(experiment, options);
  try {
    await performSweep({ experiment, folder, runner, ...(signal && { signal }) });
  } finally {
    runner.close();
  }
};

const performOne = async (experiment: ScopedExperiment, folder: string, options: LaunchOptions): Promise<void> => {
  const { spec, written } = planTrials(experiment)[0]!;
  const engine = await startEngine(options, experiment.scope);
  const { diff = false, signal } = options;
  await performRun({
    experiment,
    spec,
    written,
    diff,
    folder,
    engine,
    withdrawRefused: true,
    ...(signal && { signal }),
  });
};

export const perform = async (experiment: ScopedExperiment, place: Place, options: LaunchOptions): Promise<Outcome> => {
  await (place.kind === "sweep" ? performTrials : performOne)(experiment, place.folder, options);
  return outcomeAt(place);
};
