/** `vaelab validate`: reports all errors of all specs at once, before a tensor library is loaded. */
import type { Command } from "commander";
import { EXIT, VaelabError } from "../../errors.js";
import { dataLines } from "../data-text.js";
import { type ChangeOptions, withChanges, withExamples, withJson } from "../options.js";
import { note, type OutputOptions, printResult } from "../output.js";

const validate = async (
  files: readonly string[],
  { json, ...changes }: ChangeOptions & OutputOptions,
): Promise<void> => {
  const [{ loadOptions }, { loadExperiment }, { trialCount }] = await Promise.all([
    import("../../experiments/runs/load-options.js"),
    import("../../registry/experiment.js"),
    import("../../registry/planning/trials.js"),
  ]);
  const options = { ...loadOptions(changes), progress: note };
  const errors: VaelabError[] = [];
  for (const file of files) {
    try {
      const experiment = await loadExperiment(file, options);
      const { data } = experiment;
      const trials = trialCount(experiment);
      const verdict = `${file}  valid, ${trials === 1 ? "one run" : `a sweep of ${trials} trials`}`;
      printResult({ json }, { type: "spec", file, valid: true, trials, ...(data && { data }) }, () => [
        verdict,
        ...(data ? dataLines(data) : []),
      ]);
    } catch (error) {
      if (!(error instanceof VaelabError) || error.exitCode !== EXIT.input) throw error;
      errors.push(error);
    }
  }
  const [first, ...others] = errors;
  if (first && others.length === 0) throw first;
  if (first)
    throw new VaelabError(
      first.code,
      errors.flatMap(({ problems }) => problems),
    );
};

export const addValidate = (program: Command): Command => {
  const command = program
    .command("validate")
    .summary("check specs and report all errors at once")
    .description(
      "Checks specs, including the specs that they extend, their plugins and their sweeps. Reports all errors at once, each with its place and a remedy. For a valid spec it shows the data: fields, class names, columns, missing values. Exits with 2 on errors.",
    )
    .argument("<spec...>", "specs as JSON files")
    .action(validate);
  return withExamples(
    withJson(withChanges(command)),
    "vaelab validate examples/*.json",
    "vaelab validate my.json --set model.prior=vamp",
  );
};
