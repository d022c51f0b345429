/** `vaelab encode`: exports the codes of a split for other programs. */

import type { Command } from "commander";
import type { SplitName } from "../../contracts/dataset.js";
import { showShape } from "../../tensor/fields.js";
import { printApplied } from "../applied.js";
import { interruptible } from "../interrupt.js";
import {
  type EngineOptions,
  type InputOptions,
  type TrustOptions,
  withDataFolder,
  withEngine,
  withExamples,
  withInput,
  withJson,
  withSplit,
  withTrust,
} from "../options.js";
import { type OutputOptions, printResult } from "../output.js";
import { reported } from "../reported.js";

interface EncodeOptions extends EngineOptions, InputOptions, OutputOptions, TrustOptions {
  dataFolder?: string;
  split: SplitName;
  out?: string;
}

const encode = async (run: string, { json, plugin: plugins, ...options }: EncodeOptions): Promise<void> => {
  const { encodeFile, encodeRun } = await import("../../experiments/index.js");
  if (options.input !== undefined) {
    await printApplied({ json }, { run, plugins, ...options }, (all) => encodeFile(all));
    return;
  }
  const encoded = await reported({ json }, (reporter) =>
    interruptible((signal) => encodeRun({ run, plugins, ...options, reporter, signal }), "stopping"),
  );
  printResult({ json }, { type: "codes", ...encoded }, () => {
    const arrays = Object.entries(encoded.arrays).map(([name, shape]) => `${name} ${showShape(shape)}`);
    return [encoded.file, arrays.join(", ")];
  });
};

export const addEncode = (program: Command): Command => {
  const command = program
    .command("encode")
    .summary("export the codes of a split, or of new examples")
    .description(
      "Writes the posterior mean of every example of a split, its log-variance if the posterior has one, its labels, and its index in the split; or the same of the examples of a file, beside their rows.",
    )
    .argument("<run>", "run folder")
    .option("--out <file>", ".npz or .csv file (default: samples/codes-SPLIT.npz in the run)")
    .action(encode);
  return withExamples(
    withJson(withTrust(withEngine(withDataFolder(withInput(withSplit(command)))))),
    "vaelab encode runs/my-1a2b3c4d --split train --out codes.npz",
    "vaelab encode runs/my-1a2b3c4d --out codes.csv",
    "vaelab encode runs/my-1a2b3c4d --input new.npy --out codes.npz",
  );
};
