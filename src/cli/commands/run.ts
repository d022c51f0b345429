/** `vaelab run`: one seeded run, or a sweep of runs. */
import type { Command } from "commander";
import { interruptible } from "../interrupt.js";
import {
  type ChangeOptions,
  type EngineOptions,
  type TrustOptions,
  withChanges,
  withEngine,
  withExamples,
  withJobs,
  withJson,
  withTrust,
} from "../options.js";
import type { OutputOptions } from "../output.js";
import { reported } from "../reported.js";

interface RunOptions extends ChangeOptions, EngineOptions, OutputOptions, TrustOptions {
  jobs: number;
  out?: string;
  diff?: boolean;
}

const run = async (spec: string, { json, plugin: plugins, ...options }: RunOptions): Promise<void> => {
  const [{ runExperiment }, { printOutcomeOf }] = await Promise.all([
    import("../../experiments/index.js"),
    import("../outcome.js"),
  ]);
  const work = () =>
    reported({ json }, (reporter) =>
      interruptible((signal) => runExperiment({ spec, plugins, ...options, reporter, signal })),
    );
  await printOutcomeOf(work, { json });
};

export const addRun = (program: Command): Command => {
  const command = program
    .command("run")
    .summary("train and evaluate the model of a spec")
    .description(
      "Trains and evaluates the experiment of a spec: one run, or one run for every setting and seed of its sweep. Ctrl-C writes a checkpoint and exits with 75.",
    )
    .argument("<spec>", "spec as a JSON file")
    .option("--out <dir>", "output folder; it must not exist yet (default: runs/NAME-ID or sweeps/NAME-HASH)")
    .option("--diff", "record `git diff HEAD` of the spec's folder in provenance.json and the report")
    .action(run);
  return withExamples(
    withJobs(withJson(withTrust(withEngine(withChanges(command))))),
    "vaelab run examples/digits-beta.json",
    "vaelab run my.json --set training.epochs=5 --set model.prior=vamp",
    'vaelab run my.json --add evaluation.metrics="active-units" --out runs/try-1',
  );
};
