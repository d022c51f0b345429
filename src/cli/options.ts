/** Options that several commands share, each defined once. */
import { availableParallelism } from "node:os";
import { type Command, InvalidArgumentError, Option } from "commander";
import { SPLITS } from "../contracts/dataset.js";
import { MOST_THREADS } from "../engine/threads.js";
import { numberIn } from "../registry/reading/spelled-numbers.js";

/** Of an option that may be repeated. */
export const collect = (value: string, earlier: readonly string[]): string[] => [...earlier, value];

export const wholeNumber =
  (least: number, most = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = numberIn(text);
    if (value === undefined || !Number.isInteger(value) || value < least || value > most) {
      const range = most === Number.MAX_SAFE_INTEGER ? `, ${least} or more` : ` from ${least} to ${most}`;
      throw new InvalidArgumentError(`It must be a whole number${range}.`);
    }
    return value;
  };

export const anyNumber = (text: string): number => {
  const value = numberIn(text);
  if (value === undefined) throw new InvalidArgumentError("It must be a number.");
  return value;
};

/** Every command takes it. */
export const withJson = (command: Command): Command => command.option("--json", "one JSON object a line on stdout");

export interface ChangeOptions {
  set: string[];
  add: string[];
}
export const withChanges = (command: Command): Command =>
  command
    .addOption(
      new Option("--set <path=value>", "replace a value of the spec; may be repeated")
        .argParser(collect)
        .default([], "none"),
    )
    .addOption(
      new Option("--add <path=value>", "append to a list of the spec; may be repeated")
        .argParser(collect)
        .default([], "none"),
    );

export interface EngineOptions {
  engine: "auto" | "native" | "wasm" | "cpu";
  threads?: number;
}
export const withEngine = (command: Command): Command =>
  command
    .addOption(
      new Option("--engine <name>", "tensor backend").choices(["auto", "native", "wasm", "cpu"]).default("auto"),
    )
    .option(
      "--threads <n>",
      "threads within an operation (results repeat bit for bit at one count only)",
      wholeNumber(1, MOST_THREADS),
    );

export const withSplit = (command: Command): Command =>
  command.addOption(new Option("--split <name>", "which examples").choices(SPLITS).default("test"));

/** Of commands that need the examples of a run from before. */
export const withDataFolder = (command: Command): Command =>
  command.option("--data-folder <dir>", "the folder that holds the data now, if they have moved since");

/** Where a picture or arrays go. */
export const withOut = (command: Command): Command =>
  command.option("--out <file>", "a .png or an .npz (default: one in the run's samples/)");

/** Trials of a sweep side by side; what they leave does not depend on how many. */
export const withJobs = (command: Command): Command =>
  command.addOption(
    new Option("--jobs <n>", "trials of a sweep at once, each a process of one thread")
      .argParser(wholeNumber(1))
      .default(availableParallelism(), "as many as the machine has cores"),
  );

export interface TrustOptions {
  plugin: string[];
}
/** Of commands on a run's folder, which may come from anywhere: a plugin that it names runs if the user trusts it. */
export const withTrust = (command: Command): Command =>
  command.addOption(
    new Option("--plugin <file>", "trust this plugin, which the run needs; may be repeated")
      .argParser(collect)
      .default([], "those of your own runs"),
  );

/** Examples at the end of a command's help. */
export const withExamples = (command: Command, ...examples: readonly string[]): Command =>
  command.addHelpText("after", `\nExamples:\n${examples.map((example) => `  ${example}`).join("\n")}`);

export const withPlugins = (command: Command): Command =>
  command.addOption(
    new Option("--plugin <file>", "an ES module with more components; may be repeated")
      .argParser(collect)
      .default([], "none"),
  );
