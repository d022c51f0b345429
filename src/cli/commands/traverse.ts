/** `vaelab traverse`: what single latent dimensions change around one example's code. */
import { type Command, InvalidArgumentError } from "commander";
import type { SplitName } from "../../contracts/dataset.js";
import {
  anyNumber,
  type EngineOptions,
  type TrustOptions,
  wholeNumber,
  withDataFolder,
  withEngine,
  withExamples,
  withJson,
  withOut,
  withSplit,
  withTrust,
} from "../options.js";
import { type OutputOptions, printResult } from "../output.js";
import { reported } from "../reported.js";

interface TraverseOptions extends EngineOptions, OutputOptions, TrustOptions {
  dataFolder?: string;
  dimension: number[];
  index: number;
  range: number;
  steps: number;
  split: SplitName;
  out?: string;
}

const traverse = async (
  run: string,
  { json, plugin: plugins, dimension, ...options }: TraverseOptions,
): Promise<void> => {
  const { traverseRun } = await import("../../experiments/index.js");
  const { files, dimensions } = await reported({ json }, (reporter) =>
    traverseRun({ run, dimensions: dimension, plugins, ...options, reporter }),
  );
  printResult({ json }, { type: "files", files, dimensions }, () => files);
};

const positive = (text: string): number => {
  const value = anyNumber(text);
  if (value <= 0) throw new InvalidArgumentError("It must be more than 0.");
  return value;
};

export const addTraverse = (program: Command): Command => {
  const command = program
    .command("traverse")
    .summary("move single dimensions of an example's code")
    .description("Decodes, as means, an example's code with one dimension moved at a time: a row for each dimension.")
    .argument("<run>", "the folder of a run")
    .option(
      "--dimension <d...>",
      "which, counted from 0 (default: all)",
      (text: string, earlier: number[]) => [...earlier, wholeNumber(0)(text)],
      [],
    )
    .option("--index <i>", "the example, counted from 0", wholeNumber(0), 0)
    .option("--range <r>", "from this far below the code's own value to as far above it", positive, 3)
    .option("--steps <n>", "values of each dimension", wholeNumber(2), 11)
    .action(traverse);
  return withExamples(
    withJson(withTrust(withEngine(withDataFolder(withOut(withSplit(command)))))),
    "vaelab traverse runs/my-1a2b3c4d",
    "vaelab traverse runs/my-1a2b3c4d --dimension 0 3 --index 5 --range 2.5",
  );
};
