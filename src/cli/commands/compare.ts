/** `vaelab compare`: compares runs or sweeps. */
import type { Command } from "commander";
import { withExamples, withJson } from "../options.js";
import { type OutputOptions, printLine, printResult } from "../output.js";

const compare = async (folders: readonly string[], { json, out }: OutputOptions & { out?: string }): Promise<void> => {
  const { compareFolders, formatComparison, writeComparison } = await import("../../report/index.js");
  const comparison = compareFolders(folders);
  const page = out === undefined ? undefined : await writeComparison(out, comparison);
  printResult({ json }, { type: "comparison", ...comparison, ...(page && { page }) }, () =>
    formatComparison(comparison),
  );
  if (page !== undefined && !json) printLine(["", `page: ${page}`]);
};

export const addCompare = (program: Command): Command => {
  const command = program
    .command("compare")
    .summary("compare runs or sweeps")
    .description(
      "Shows how runs or sweeps differ in specs and figures, each against the first one given. Runs are paired by example, sweeps by seed.",
    )
    .argument("<dir...>", "two or more runs, or two or more sweeps")
    .option("--out <file>", "also write the comparison as a self-contained .html file")
    .action(compare);
  return withExamples(
    withJson(command),
    "vaelab compare runs/my-1a2b3c4d runs/my-5e6f7a8b",
    "vaelab compare sweeps/gaussian-1a2b3c4d sweeps/vamp-5e6f7a8b --out compare.html",
  );
};
