/** `vaelab reconstruct`: examples next to their reconstructions. */
import type { Command } from "commander";
import type { SplitName } from "../../contracts/dataset.js";
import { printApplied } from "../applied.js";
import {
  type EngineOptions,
  type InputOptions,
  type TrustOptions,
  wholeNumber,
  withDataFolder,
  withEngine,
  withExamples,
  withInput,
  withJson,
  withOut,
  withSplit,
  withTrust,
} from "../options.js";
import { type OutputOptions, printResult } from "../output.js";
import { reported } from "../reported.js";

interface ReconstructOptions extends EngineOptions, InputOptions, OutputOptions, TrustOptions {
  dataFolder?: string;
  count?: number;
  split: SplitName;
  out?: string;
}

const reconstruct = async (run: string, { json, plugin: plugins, ...options }: ReconstructOptions): Promise<void> => {
  const { reconstructFile, reconstructRun } = await import("../../experiments/index.js");
  if (options.input !== undefined) {
    await printApplied({ json }, { run, plugins, ...options }, (all) => reconstructFile(all));
    return;
  }
  const { files } = await reported({ json }, (reporter) => reconstructRun({ run, plugins, ...options, reporter }));
  printResult({ json }, { type: "files", files }, () => files);
};

export const addReconstruct = (program: Command): Command => {
  const command = program
    .command("reconstruct")
    .summary("encode and decode examples with a run's model")
    .description(
      "Encodes examples of a split, decodes their posterior means, and writes both side by side; or the decoded means of the examples of a file.",
    )
    .argument("<run>", "run folder")
    .option(
      "--count <n>",
      "number of examples, from the first of the split (default: 32, or all of a smaller split)",
      wholeNumber(1),
    )
    .action(reconstruct);
  return withExamples(
    withJson(withTrust(withEngine(withDataFolder(withOut(withInput(withSplit(command))))))),
    "vaelab reconstruct runs/my-1a2b3c4d",
    "vaelab reconstruct runs/my-1a2b3c4d --split train --count 100",
    "vaelab reconstruct runs/my-1a2b3c4d --input new.csv --out reconstructed.csv",
  );
};
