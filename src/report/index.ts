/**
 * Writes the report of a run or sweep as one self-contained page, using only its folder. The files in a folder determine its
 * type; the page names what is missing. The heavy part (Vega) is loaded with the first chart.
 */
import { existsSync } from "node:fs";
import { dirname, extname, join, resolve } from "node:path";
import { VaelabError } from "../errors.js";
import { makeFolder, writeFileAtomically } from "../storage/files.js";
import { assertNotOutdated } from "../storage/format.js";
import { RUN_FILES, SWEEP_FILES } from "../storage/layout.js";
import type { Comparison } from "./compare/compare.js";
import { comparisonPage } from "./compare/page.js";
import { runReport } from "./pages/run-report.js";
import { sweepReport } from "./pages/sweep-report.js";

export { compareFolders } from "./compare/compare.js";
export { formatComparison } from "./compare/text.js";
export { formatRunTable, formatSweepTable } from "./tables/text.js";

const holds = (folder: string, files: readonly string[]): boolean =>
  files.some((file) => existsSync(join(folder, file)));

/**
 * Writes report.html into the folder and gives its path.
 * @throws RUN_FOLDER where the folder is neither a run nor a sweep; FORMAT where this version cannot read it; NOT_WRITABLE
 */
export const writeReport = async (folder: string): Promise<string> => {
  assertNotOutdated(folder);
  const isSweep = holds(folder, [SWEEP_FILES.sweep, SWEEP_FILES.plan]);
  if (!isSweep && !holds(folder, [RUN_FILES.status, RUN_FILES.resolved, RUN_FILES.history])) {
    throw new VaelabError("RUN_FOLDER", {
      message: existsSync(folder) ? "neither a run nor a sweep" : "there is no such folder",
      where: folder,
      remedy: `Name a folder that holds ${RUN_FILES.status} (a run) or ${SWEEP_FILES.sweep} (a sweep).`,
    });
  }
  const path = join(folder, isSweep ? SWEEP_FILES.report : RUN_FILES.report);
  writeFileAtomically(path, await (isSweep ? sweepReport(folder) : runReport(folder)));
  return path;
};

/** Writes a comparison as a page and gives its path. @throws USAGE unless it ends in .html, NOT_WRITABLE */
export const writeComparison = async (out: string, comparison: Comparison): Promise<string> => {
  if (extname(out) !== ".html")
    throw new VaelabError("USAGE", {
      message: `"${out}" does not end in .html`,
      remedy: "A comparison is an HTML page.",
    });
  const path = resolve(out);
  makeFolder(dirname(path));
  writeFileAtomically(path, await comparisonPage(comparison));
  return path;
};
