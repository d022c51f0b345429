/** `vaelab pack`: a finished run as one file. */
import { type Command, Option } from "commander";
import { withExamples, withJson } from "../options.js";
import { type OutputOptions, printResult } from "../output.js";

interface PackCommandOptions extends OutputOptions {
  out?: string;
  checkpoints: "evaluated" | "all";
}

const pack = async (run: string, { json, ...options }: PackCommandOptions): Promise<void> => {
  const { packRun } = await import("../../experiments/index.js");
  const packed = packRun({ run, ...options });
  printResult({ json }, { type: "pack", ...packed }, () => [packed.file, `${packed.files} files`]);
};

export const addPack = (program: Command): Command => {
  const command = program
    .command("pack")
    .summary("pack a finished run into one file")
    .description(
      "Writes the folder of a finished run to one .zip, with the size and SHA-256 of every file. The same run gives the same bytes.",
    )
    .argument("<run>", "run folder")
    .option("--out <file>", ".zip file (default: the name of the folder, in the working folder)")
    .addOption(
      new Option("--checkpoints <which>", "the evaluated checkpoint, or all of them")
        .choices(["evaluated", "all"])
        .default("evaluated"),
    )
    .action(pack);
  return withExamples(
    withJson(command),
    "vaelab pack runs/my-1a2b3c4d",
    "vaelab pack runs/my-1a2b3c4d --checkpoints all --out my.zip",
  );
};
