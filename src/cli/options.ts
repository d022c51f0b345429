/** Options that several commands share, each defined once. */
import { availableParallelism } from "node:os";
import { type Command, InvalidArgumentError, Option } from "commander";
import { SPLITS } from "../contracts/dataset.js";
import { MOST_THREADS } from "../engine/threads.js";
import { numberIn } from "../registry/reading/spelled-numbers.js";

/** Parser of repeatable options. */
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

/** Option of every command. */
export const withJson = (command: Command): Command =>
  command.option("--json", "print one JSON object per line on stdout");

export interface ChangeOptions {
  set: string[];
  add: string[];
}
export const withChanges = (command: Command): Command =>
  command
    .addOption(
      new Option("--set <path=value>", "replace a value of the spec; repeatable")
        .argParser(collect)
        .default([], "none"),
    )
    .addOption(
      new Option("--add <path=value>", "append to a list of the spec; repeatable")
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
      "threads per operation (results repeat bit for bit only at the same count)",
      wholeNumber(1, MOST_THREADS),
    );

export const withSplit = (command: Command): Command =>
  command.addOption(new Option("--split <name>", "split of the examples").choices(SPLITS).default("test"));

/** Option of commands that need the data of an earlier run. */
export const withDataFolder = (command: Command): Command =>
  command.option("--data-folder <dir>", "folder that holds the data now, if they were moved");

export interface InputOptions {
  input?: string;
  skipBadRows?: boolean;
  seed?: number;
}
/** Options of commands that read examples of their own. */
export const withInput = (command: Command): Command =>
  command
    .option(
      "--input <file>",
      "examples that the data set does not hold: .csv, .npy, .npz, idx, an image or a folder of images",
    )
    .option("--skip-bad-rows", "leave out rows of the input that do not fit, and list them");

/** Output option for pictures or arrays. */
export const withOut = (command: Command): Command =>
  command.option("--out <file>", ".png or .npz file (default: a file in the run's samples/)");

/** Number of parallel trials of a sweep. Results do not depend on it. */
export const withJobs = (command: Command): Command =>
  command.addOption(
    new Option("--jobs <n>", "parallel trials of a sweep, each a process with one thread")
      .argParser(wholeNumber(1))
      .default(availableParallelism(), "one per core"),
  );

export interface TrustOptions {
  plugin: string[];
}
/** Option of commands on a run folder. The folder may come from anywhere, so its plugins run only if the user trusts them. */
export const withTrust = (command: Command): Command =>
  command.addOption(
    new Option("--plugin <file>", "trust this plugin, which the run requires; repeatable")
      .argParser(collect)
      .default([], "plugins of your own runs"),
  );

/** Adds examples to the end of a command's help. */
export const withExamples = (command: Command, ...examples: readonly string[]): Command =>
  command.addHelpText("after", `\nExamples:\n${examples.map((example) => `  ${example}`).join("\n")}`);

export const withPlugins = (command: Command): Command =>
  command.addOption(
    new Option("--plugin <file>", "ES module with more components; repeatable").argParser(collect).default([], "none"),
  );
