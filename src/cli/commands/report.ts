/** `vaelab report`: rewrites report.html from a run or sweep folder. */
import type { Command } from "commander";
import { withExamples, withJson } from "../options.js";
import { type OutputOptions, printResult } from "../output.js";

const report = async (folder: string, { json }: OutputOptions): Promise<void> => {
  const { writeReport } = await import("../../report/index.js");
  const file = await writeReport(folder);
  printResult({ json }, { type: "report", file }, () => [file]);
};

export const addReport = (program: Command): Command => {
  const command = program
    .command("report")
    .summary("write the report of a run or sweep")
    .description(
      "Writes report.html, one self-contained file, from the contents of a run or sweep folder. Nothing is trained or evaluated.",
    )
    .argument("<dir>", "run or sweep folder")
    .action(report);
  return withExamples(withJson(command), "vaelab report runs/my-1a2b3c4d");
};
