/** `vaelab reconstruct`: examples beside what the model makes of their codes. */
import { type Command, Option } from "commander";
import { SPLITS, type SplitName } from "../../core/contracts/data.js";
import { wholeNumber, withExamples, withJson } from "../options.js";
import { type OutputOptions, printResult } from "../output.js";

interface ReconstructOptions extends OutputOptions {
  count: number;
  split: SplitName;
  out?: string;
}

const reconstruct = async (run: string, { json, ...options }: ReconstructOptions): Promise<void> => {
  const [{ reconstructRun }, { createReporter }] = await Promise.all([
    import("../../experiments/index.js"),
    import("../progress.js"),
  ]);
  const reporter = await createReporter({ json });
  try {
    const { files } = await reconstructRun({ run, ...options, reporter });
    reporter.close();
    printResult({ json }, { type: "files", files }, () => files.join("\n"));
  } finally {
    reporter.close();
  }
};

export const addReconstruct = (program: Command): Command => {
  const command = program
    .command("reconstruct")
    .summary("encode and decode examples with a run's model")
    .description("Encodes examples of a split, decodes the posterior means, and writes both side by side.")
    .argument("<run>", "the folder of a run")
    .option("--count <n>", "how many, from the split's first", wholeNumber(1), 32)
    .addOption(new Option("--split <name>", "which examples").choices(SPLITS).default("test"))
    .option("--out <dir>", "the folder to write to (default: the run's samples/)")
    .action(reconstruct);
  return withExamples(
    withJson(command),
    "vaelab reconstruct runs/my-1a2b3c4d",
    "vaelab reconstruct runs/my-1a2b3c4d --split train --count 100",
  );
};
