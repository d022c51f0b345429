/** `vaelab evaluate`: evaluates a finished run with other metrics or on another split. */
import { join } from "node:path";
import { type Command, Option } from "commander";
import { RUN_FILES, type RunMetrics } from "../../storage/layout.js";
import { runMetricsGuard } from "../../storage/layout-guards.js";
import { readGuarded } from "../../storage/read-guarded.js";
import { interruptible } from "../interrupt.js";
import {
  type ChangeOptions,
  collect,
  type EngineOptions,
  type TrustOptions,
  withChanges,
  withDataFolder,
  withEngine,
  withExamples,
  withJson,
  withTrust,
} from "../options.js";
import { type OutputOptions, printLine, printRecord } from "../output.js";
import { reported } from "../reported.js";

interface EvaluateOptions extends ChangeOptions, EngineOptions, OutputOptions, TrustOptions {
  dataFolder?: string;
  metric: string[];
  replace?: boolean;
}

const evaluate = async (run: string, { json, plugin: plugins, metric, ...options }: EvaluateOptions): Promise<void> => {
  const { evaluateRun, FinishedWithErrors } = await import("../../experiments/index.js");
  const print = async (folder: string, metrics: RunMetrics): Promise<void> => {
    if (json) return printRecord({ type: "evaluation", folder, ...metrics });
    const { formatRunTable } = await import("../../report/index.js");
    printLine(formatRunTable(metrics));
    printLine(["", `written to: ${folder}`]);
  };
  try {
    const { folder, metrics } = await reported({ json }, (reporter) =>
      interruptible(
        (signal) => evaluateRun({ run, metrics: metric, plugins, ...options, reporter, signal }),
        "stopping",
      ),
    );
    await print(folder, metrics);
  } catch (error) {
    if (error instanceof FinishedWithErrors)
      await print(error.written.folder, readGuarded(join(error.written.folder, RUN_FILES.metrics), runMetricsGuard));
    throw error;
  }
};

export const addEvaluate = (program: Command): Command => {
  const command = program
    .command("evaluate")
    .summary("evaluate a finished run again")
    .description(
      "Evaluates the weights of a finished run with other metrics or on another split, and writes to its evaluations/N. The run's own figures stay unchanged unless you pass --replace.",
    )
    .argument("<run>", "run folder")
    .addOption(
      new Option("--metric <name>", "metric that replaces the run's own: a name, or a component as JSON; repeatable")
        .argParser(collect)
        .default([], "the run's own"),
    )
    .option("--replace", "replace the run's own figures, and rewrite its report")
    .action(evaluate);
  return withExamples(
    withJson(withTrust(withEngine(withDataFolder(withChanges(command))))),
    "vaelab evaluate runs/my-1a2b3c4d --metric active-units",
    `vaelab evaluate runs/my-1a2b3c4d --metric '{"type":"iwae-nll","samples":5000}'`,
    "vaelab evaluate runs/my-1a2b3c4d --set evaluation.split=validation --replace",
  );
};
