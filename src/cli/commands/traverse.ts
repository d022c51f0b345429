/** `vaelab traverse`: varies single latent dimensions around the code of one example. */
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
  steps?: number;
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
    .summary("vary single dimensions of an example's code")
    .description(
      "Varies one dimension of an example's code at a time and decodes the codes to means, one row per dimension. A variable of a discrete latent walks through its categories.",
    )
    .argument("<run>", "run folder")
    .option(
      "--dimension <d...>",
      "dimensions to vary, from 0 (default: all)",
      (text: string, earlier: number[]) => [...earlier, wholeNumber(0)(text)],
      [],
    )
    .option("--index <i>", "index of the example, from 0", wholeNumber(0), 0)
    .option(
      "--range <r>",
      "largest distance from the code's own value, in both directions; an angle on a sphere",
      positive,
      3,
    )
    .option(
      "--steps <n>",
      "number of values per dimension (default: 11, or all categories of a discrete variable)",
      wholeNumber(2),
    )
    .action(traverse);
  return withExamples(
    withJson(withTrust(withEngine(withDataFolder(withOut(withSplit(command)))))),
    "vaelab traverse runs/my-1a2b3c4d",
    "vaelab traverse runs/my-1a2b3c4d --dimension 0 3 --index 5 --range 2.5",
  );
};
