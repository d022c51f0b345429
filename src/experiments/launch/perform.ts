/** Performs an experiment in its folder, as one run or as a sweep: new or resumed. */
import { join } from "node:path";
import { createBuilder } from "../../registry/components/build.js";
import type { Experiment } from "../../registry/experiment.js";
import { planTrials } from "../../registry/planning/trials.js";
import { RUN_FILES, SWEEP_FILES } from "../../storage/layout.js";
import type { Reporter } from "../runs/reporter.js";
import { performRun } from "../runs/run.js";
import { performSweep } from "../sweeps/sweep.js";
import { checkData } from "../training/checked-dataset.js";
import { startEngine } from "./start-engine.js";
import { type LaunchOptions, trialRunner } from "./trial-runner.js";

export interface Outcome {
  folder: string;
  kind: "run" | "sweep";
  /** Path of the HTML file. */
  report: string;
}

export interface Place {
  folder: string;
  kind: "run" | "sweep";
}

export const outcomeAt = ({ folder, kind }: Place): Outcome => ({
  folder,
  kind,
  report: join(folder, kind === "sweep" ? SWEEP_FILES.report : RUN_FILES.report),
});

const performTrials = async (
  experiment: Experiment,
  folder: string,
  options: LaunchOptions,
  reporter: Reporter,
): Promise<void> => {
  const { jobs = 1, signal } = options;
  const specs = planTrials(experiment).map(({ spec }) => spec);
  await checkData(specs, await createBuilder(experiment.catalogue), experiment.folder);
  const { runTrial, close } = await trialRunner(experiment, options, reporter);
  try {
    await performSweep({ experiment, folder, reporter, jobs, runTrial, ...(signal && { signal }) });
  } finally {
    close();
  }
};

export const perform = async (
  experiment: Experiment,
  place: Place,
  options: LaunchOptions,
  reporter: Reporter,
): Promise<Outcome> => {
  const { folder, kind } = place;
  if (kind === "sweep") await performTrials(experiment, folder, options, reporter);
  else {
    const { spec, written } = planTrials(experiment)[0]!;
    const { catalogue, folder: specFolder } = experiment;
    const engine = await startEngine(options, reporter);
    const { diff = false, signal } = options;
    await performRun({
      spec,
      written,
      catalogue,
      specFolder,
      diff,
      folder,
      engine,
      reporter,
      withdrawRefused: true,
      ...(signal && { signal }),
    });
  }
  return outcomeAt(place);
};
