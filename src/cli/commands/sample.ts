/** `vaelab sample`: new data from a trained model, by the prior that it was trained with. */
import { type Command, Option } from "commander";
import {
  collect,
  type EngineOptions,
  type TrustOptions,
  wholeNumber,
  withEngine,
  withExamples,
  withJson,
  withOut,
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
    .summary("draw new data from a run's model")
    .description(
      "Draws new data from a run's model: latents from the prior that was trained, then draws from the likelihood.",
    )
    .argument("<run>", "the folder of a run")
    .option("--count <n>", "how many", wholeNumber(1), 64)
    .option("--seed <n>", "which draws (default: the run's seed)", wholeNumber(0))
    .addOption(
      new Option("--given <field=value>", "what a conditional model is asked for; may be repeated")
        .argParser(collect)
        .default([], "as in the training data"),
    )
    .option("--means", "decoded means instead of draws from the likelihood")
    .action(sample);
  return withExamples(
    withJson(withTrust(withEngine(withOut(command)))),
    "vaelab sample runs/my-1a2b3c4d --count 100",
    "vaelab sample runs/my-1a2b3c4d --means --seed 7 --out means.png",
    "vaelab sample runs/conditional-1a2b3c4d --given label=3",
  );
};
