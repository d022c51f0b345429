/** `vaelab impute`: fills in the missing values of the examples of a file. */
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

interface ImputeOptions extends EngineOptions, InputOptions, OutputOptions, TrustOptions {
  out?: string;
  samples: number;
  draw?: boolean;
}

const impute = async (run: string, { json, plugin: plugins, ...options }: ImputeOptions): Promise<void> => {
  const { imputeFile } = await import("../../experiments/index.js");
  await printApplied({ json }, { run, plugins, ...options }, (all) =>
    imputeFile({ ...all, draw: options.draw === true }),
  );
};

export const addImpute = (program: Command): Command => {
  const command = program
    .command("impute")
    .summary("fill in the missing values of new examples")
    .description(
      "Writes the rows of a table with each missing value replaced by its expectation given the others, by importance sampling; categories by the likeliest.",
    )
    .argument("<run>", "run folder")
    .option("--out <file>", ".csv file, or .npz for arrays")
    .option("--samples <n>", "draws of z per example, rounded up to a multiple of 10", wholeNumber(1, 100_000), 100)
    .option("--draw", "draw missing values, as multiple imputation needs (a file for each seed)")
    .option("--seed <n>", "seed of the draws (default: the run's seed)", wholeNumber(0))
    .action(impute);
  return withExamples(
    withJson(withTrust(withEngine(withInput(command)))),
    "vaelab impute runs/my-1a2b3c4d --input patients.csv --out completed.csv",
    "vaelab impute runs/my-1a2b3c4d --input patients.csv --draw --seed 2 --out completed-2.csv",
  );
};
