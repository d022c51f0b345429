/** `vaelab resume`: continues a run or sweep from its last complete checkpoint. */
import type { Command } from "commander";
import { interruptible } from "../interrupt.js";
import {
  type EngineOptions,
  type TrustOptions,
  wholeNumber,
  withDataFolder,
  withEngine,
  withExamples,
  withJobs,
  withJson,
  withTrust,
} from "../options.js";
import type { OutputOptions } from "../output.js";
import { reported } from "../reported.js";

interface ResumeOptions extends EngineOptions, OutputOptions, TrustOptions {
  dataFolder?: string;
  jobs: number;
  epochs?: number;
  patience?: number;
}

const resume = async (folder: string, { json, plugin: plugins, ...options }: ResumeOptions): Promise<void> => {
  const [{ resumeFolder }, { printOutcomeOf }] = await Promise.all([
    import("../../experiments/index.js"),
    import("../outcome.js"),
  ]);
  const work = () =>
    reported({ json }, (reporter) =>
      interruptible((signal) => resumeFolder({ folder, plugins, ...options, reporter, signal })),
    );
  await printOutcomeOf(work, { json });
};

export const addResume = (program: Command): Command => {
  const command = program
    .command("resume")
    .summary("continue an interrupted run or sweep")
    .description(
      "Continues an interrupted run or sweep. The result has the same bytes as an uninterrupted one. If nothing is left to do, the command succeeds.",
    )
    .argument("<dir>", "run or sweep folder")
    .option("--epochs <n>", "extend a finished run to this many epochs", wholeNumber(1))
    .option("--patience <n>", "continue after early stopping with this larger patience", wholeNumber(1))
    .action(resume);
  return withExamples(
    withJobs(withJson(withTrust(withEngine(withDataFolder(command))))),
    "vaelab resume runs/my-1a2b3c4d",
    "vaelab resume runs/my-1a2b3c4d --epochs 40",
    "vaelab resume runs/my-1a2b3c4d --patience 20",
  );
};
