/** `vaelab unpack`: a run folder from a pack. */
import type { Command } from "commander";
import { withExamples, withJson } from "../options.js";
import { type OutputOptions, printResult } from "../output.js";

interface UnpackCommandOptions extends OutputOptions {
  out?: string;
}

const unpack = async (file: string, { json, ...options }: UnpackCommandOptions): Promise<void> => {
  const { unpackRun } = await import("../../experiments/index.js");
  const unpacked = unpackRun({ file, ...options });
  printResult({ json }, { type: "unpack", ...unpacked }, () => [unpacked.folder, `${unpacked.files} files`]);
};

export const addUnpack = (program: Command): Command => {
  const command = program
    .command("unpack")
    .summary("make a run folder of a packed run")
    .description(
      "Checks every file of a pack by size and SHA-256, then makes a run folder of it. Nothing is overwritten, and nothing is written unless all files match.",
    )
    .argument("<file>", ".zip file that vaelab pack wrote")
    .option("--out <dir>", "folder that does not exist (default: the name of the file, in the working folder)")
    .action(unpack);
  return withExamples(withJson(command), "vaelab unpack my-1a2b3c4d.zip --out runs/my-1a2b3c4d");
};
