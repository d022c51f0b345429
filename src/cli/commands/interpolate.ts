/** `vaelab interpolate`: the way from one example to another through latent space, decoded. */
import { type Command, Option } from "commander";
import type { SplitName } from "../../contracts/dataset.js";
import {
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

interface InterpolateOptions extends EngineOptions, OutputOptions, TrustOptions {
  dataFolder?: string;
  from: number;
  to: number;
  steps: number;
  walk: "straight" | "slerp";
  split: SplitName;
  out?: string;
}

const interpolate = async (run: string, { json, plugin: plugins, ...options }: InterpolateOptions): Promise<void> => {
  const { interpolateRun } = await import("../../experiments/index.js");
  const { files } = await reported({ json }, (reporter) => interpolateRun({ run, plugins, ...options, reporter }));
  printResult({ json }, { type: "files", files }, () => files);
};

export const addInterpolate = (program: Command): Command => {
  const command = program
    .command("interpolate")
    .summary("walk from one example to another in a run's latent space")
    .description(
      "Decodes, as means, the codes between two examples: along the straight line, or along the arc on which norms change evenly.",
    )
    .argument("<run>", "the folder of a run")
    .requiredOption("--from <i>", "an example of the split, counted from 0", wholeNumber(0))
    .requiredOption("--to <j>", "another", wholeNumber(0))
    .option("--steps <n>", "codes on the way, both ends among them", wholeNumber(2), 10)
    .addOption(new Option("--walk <name>", "which way").choices(["straight", "slerp"]).default("straight"))
    .action(interpolate);
  return withExamples(
    withJson(withTrust(withEngine(withDataFolder(withOut(withSplit(command)))))),
    "vaelab interpolate runs/my-1a2b3c4d --from 0 --to 7",
    "vaelab interpolate runs/my-1a2b3c4d --from 0 --to 7 --steps 16 --walk slerp --out way.png",
  );
};
