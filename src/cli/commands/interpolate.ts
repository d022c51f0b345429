/** `vaelab interpolate`: decodes a path between two examples in latent space. */
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
    .summary("interpolate between two examples in latent space")
    .description(
      "Decodes the codes between two examples to means, along the straight line or by spherical interpolation (slerp). Where a latent lies on a sphere or in a ball, the path is the geodesic.",
    )
    .argument("<run>", "run folder")
    .requiredOption("--from <i>", "index of an example in the split, from 0", wholeNumber(0))
    .requiredOption("--to <j>", "another", wholeNumber(0))
    .option("--steps <n>", "number of codes, including both ends", wholeNumber(2), 10)
    .addOption(new Option("--walk <name>", "path between the codes").choices(["straight", "slerp"]).default("straight"))
    .action(interpolate);
  return withExamples(
    withJson(withTrust(withEngine(withDataFolder(withOut(withSplit(command)))))),
    "vaelab interpolate runs/my-1a2b3c4d --from 0 --to 7",
    "vaelab interpolate runs/my-1a2b3c4d --from 0 --to 7 --steps 16 --walk slerp --out way.png",
  );
};
