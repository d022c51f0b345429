/** `vaelab score`: how likely the examples of a file are under a run's model. */
import type { Command } from "commander";
import { printApplied } from "../applied.js";
import {
  type EngineOptions,
  type InputOptions,
  type TrustOptions,
  wholeNumber,
  withEngine,
  withExamples,
  withInput,
  withJson,
  withTrust,
} from "../options.js";
import type { OutputOptions } from "../output.js";

interface ScoreOptions extends EngineOptions, InputOptions, OutputOptions, TrustOptions {
  out?: string;
  samples: number;
}

const score = async (run: string, { json, plugin: plugins, ...options }: ScoreOptions): Promise<void> => {
  const { scoreFile } = await import("../../experiments/index.js");
  await printApplied({ json }, { run, plugins, ...options }, (all) => scoreFile(all));
};

export const addScore = (program: Command): Command => {
  const command = program
    .command("score")
    .summary("score new examples by a run's model")
    .description(
      "Writes, for each example of a file, its row, NLL by importance sampling, effective sample size, ELBO, rate and distortion in nats, and squared error.",
    )
    .argument("<run>", "run folder")
    .option("--out <file>", ".csv file, or .npz for arrays and images")
    .option("--samples <n>", "draws of z per example, rounded up to a multiple of 10", wholeNumber(1, 100_000), 100)
    .option("--seed <n>", "seed of the draws (default: the run's seed)", wholeNumber(0))
    .action(score);
  return withExamples(
    withJson(withTrust(withEngine(withInput(command)))),
    "vaelab score runs/my-1a2b3c4d --input payments.csv --out scores.csv",
    "vaelab score runs/my-1a2b3c4d --input payments.csv --skip-bad-rows --out scores.csv",
  );
};
