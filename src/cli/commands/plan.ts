/** `vaelab plan`: the trials of a spec and their cost. */
import type { Command } from "commander";
import type { DatasetDescription } from "../../contracts/index.js";
import type { Trial } from "../../registry/planning/trials.js";
import type { ResolvedSpec } from "../../spec/experiment-schema.js";
import { type ChangeOptions, type EngineOptions, withChanges, withEngine, withExamples, withJson } from "../options.js";
import { note, type OutputOptions, printLine, printRecord, textTable } from "../output.js";

interface PlanOptions extends ChangeOptions, EngineOptions, OutputOptions {
  measure?: boolean;
}

/** Training steps of one trial, if the size of its data is known before reading. */
const stepsOf = ({ training }: ResolvedSpec, description: DatasetDescription | undefined): number | undefined => {
  const train = description?.sizes.train;
  return train === undefined ? undefined : training.epochs * Math.floor(train / training.batchSize);
};
const cell = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));

const table = (trials: readonly (Trial & { steps: number | undefined })[]): string => {
  const paths = [...new Set(trials.flatMap(({ choices }) => Object.keys(choices)))].filter((path) => path !== "seed");
  return textTable(
    ["trial", ...paths, "seed", "epochs", "steps"],
    trials.map(({ id, choices, seed, spec, steps }) => [
      id,
      ...paths.map((path) => cell(choices[path])),
      String(seed),
      String(spec.training.epochs),
      steps === undefined ? "?" : String(steps),
    ]),
  );
};

const plan = async (file: string, { json, measure, engine, threads, ...changes }: PlanOptions): Promise<void> => {
  const [{ loadOptions }, { loadExperiment }, { inspectDataset }, { planTrials }] = await Promise.all([
    import("../../experiments/runs/load-options.js"),
    import("../../registry/experiment.js"),
    import("../../registry/checking/inspect.js"),
    import("../../registry/planning/trials.js"),
  ]);
  const experiment = await loadExperiment(file, { ...loadOptions(changes), progress: note });
  const trials = planTrials(experiment).map((trial) => ({
    ...trial,
    steps: stepsOf(trial.spec, inspectDataset(trial.spec.data, experiment.place, experiment.catalogue)),
  }));
  const total = trials.reduce<number | undefined>(
    (sum, { steps }) => (sum === undefined || steps === undefined ? undefined : sum + steps),
    0,
  );
  let seconds: number | undefined;
  if (measure && total !== undefined) {
    const { secondsPerStep } = await import("../measure.js");
    const step = await secondsPerStep({ spec: file, ...changes, engine, ...(threads !== undefined && { threads }) });
    seconds = step === undefined ? undefined : step * total;
  }
  if (json) {
    for (const { id, choices, seed, steps } of trials) printRecord({ type: "trial", id, choices, seed, steps });
    printRecord({
      type: "plan",
      name: experiment.spec.name,
      trials: trials.length,
      steps: total,
      trainingSeconds: seconds,
    });
    return;
  }
  printLine(table(trials));
  const amount = trials.length === 1 ? "one run" : `${trials.length} trials`;
  const steps = total === undefined ? "steps depend on the size of the data" : `${total} training steps in all`;
  printLine(`\n${amount}, ${steps}`);
  if (seconds !== undefined) {
    const { duration } = await import("../progress.js");
    printLine(
      `about ${duration(seconds)} of training on this machine, if trials run one after another and all take as long as the first; evaluation adds to that`,
    );
  } else if (measure) printLine("the first trial is too short to time its steps");
};

export const addPlan = (program: Command): Command => {
  const command = program
    .command("plan")
    .summary("list the trials of a spec and their cost")
    .description(
      "Prints the trials that `vaelab run` would start, each with the fields that distinguish it and its number of training steps.",
    )
    .argument("<spec>", "spec as a JSON file")
    .option("--measure", "train the first trial for a few seconds, and estimate the time of all trials")
    .action(plan);
  return withExamples(
    withJson(withEngine(withChanges(command))),
    "vaelab plan examples/digits-beta.json",
    "vaelab plan examples/digits-beta.json --measure",
    "vaelab plan my.json --set training.epochs=5 --json",
  );
};
