/** `vaelab sample`: samples from a trained model and its prior. */
import { type Command, Option } from "commander";
import {
  collect,
  type EngineOptions,
  type TrustOptions,
  wholeNumber,
  withEngine,
  withExamples,
  withJson,
  withTrust,
} from "../options.js";
import { type OutputOptions, printResult } from "../output.js";
import { reported } from "../reported.js";

interface SampleOptions extends EngineOptions, OutputOptions, TrustOptions {
  count: number;
  seed?: number;
  means?: boolean;
  given: string[];
  out?: string;
}

const sample = async (run: string, { json, plugin: plugins, ...options }: SampleOptions): Promise<void> => {
  const { sampleRun } = await import("../../experiments/index.js");
  const { files } = await reported({ json }, (reporter) => sampleRun({ run, plugins, ...options, reporter }));
  printResult({ json }, { type: "files", files }, () => files);
};

export const addSample = (program: Command): Command => {
  const command = program
    .command("sample")
    .summary("sample new data from a run's model")
    .description("Samples new data from a run's model: latents from its trained prior, then data from the likelihood.")
    .argument("<run>", "run folder")
    .option("--count <n>", "number of samples", wholeNumber(1), 64)
    .option("--seed <n>", "seed of the samples (default: the run's seed)", wholeNumber(0))
    .addOption(
      new Option("--given <field=value>", "value of a condition, such as label=3; repeatable")
        .argParser(collect)
        .default([], "as in the training data"),
    )
    .option("--means", "write the means of the likelihood instead of samples from it")
    .option("--out <file>", ".png, .npz, or .csv of a table (default: a file in the run's samples/)")
    .action(sample);
  return withExamples(
    withJson(withTrust(withEngine(command))),
    "vaelab sample runs/my-1a2b3c4d --count 100",
    "vaelab sample runs/my-1a2b3c4d --means --seed 7 --out means.png",
    "vaelab sample runs/conditional-1a2b3c4d --given label=3",
    "vaelab sample runs/table-1a2b3c4d --count 1000 --out synthetic.csv",
  );
};
