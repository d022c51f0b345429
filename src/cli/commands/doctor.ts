/** `vaelab doctor`: which engine a run would use here, why not a faster one, and the command that fixes it. */
import type { Command } from "commander";
import { wholeNumber, withExamples, withJson } from "../options.js";
import { type OutputOptions, printResult } from "../output.js";

const doctor = async ({ json, ...options }: OutputOptions & { threads?: number }): Promise<void> => {
  const { diagnose, formatDiagnosis } = await import("../../engine/doctor.js");
  const diagnosis = await diagnose(options);
  printResult({ json }, { type: "diagnosis", ...diagnosis }, () => formatDiagnosis(diagnosis));
};

export const addDoctor = (program: Command): Command => {
  const command = program
    .command("doctor")
    .summary("show which engine a run would use, and why not a faster one")
    .description(
      "Loads every engine and computes a gradient with it. Prints which engine a run would use, why faster ones do not work, and the command that fixes them.",
    )
    .option("--threads <n>", "threads per operation", wholeNumber(1))
    .action(doctor);
  return withExamples(withJson(command), "vaelab doctor", "vaelab doctor --json");
};
