/** Handles NaN and infinite figures: all others are kept, but the command ends with an error. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readVersioned } from "../../storage/format.js";
import { isObject } from "../../storage/json.js";
import { RUN_FILES, type RunMetrics } from "../../storage/layout.js";
import { FinishedWithErrors, type Written } from "../runs/finished-with-errors.js";

/** More are counted. */
const SHOWN = 5;

const namesOf = (measurements: unknown): string[] =>
  Object.entries(isObject(measurements) ? measurements : {}).flatMap(([name, measurement]) =>
    isObject(measurement) && typeof measurement.notFinite === "string" ? `${name} is ${measurement.notFinite}` : [],
  );

/** @returns nothing where all figures are finite */
export const notFiniteError = (
  { measurements, controls }: Partial<Record<keyof RunMetrics, unknown>>,
  written: Written,
): FinishedWithErrors | undefined => {
  const found = [measurements, ...Object.values(isObject(controls) ? controls : {})].flatMap(namesOf);
  if (found.length === 0) return undefined;
  const more = found.length > SHOWN ? ` and ${found.length - SHOWN} more` : "";
  const problem = {
    message: `figures are not finite: ${found.slice(0, SHOWN).join(", ")}${more}`,
    where: written.folder,
    remedy: "All other figures and the report are written; notes give the reasons.",
  };
  return new FinishedWithErrors("FIGURE", problem, written);
};

/** The same for a finished run, from its metrics.json. */
export const finishedError = (folder: string): FinishedWithErrors | undefined => {
  const path = join(folder, RUN_FILES.metrics);
  const metrics = existsSync(path) ? readVersioned(path) : undefined;
  return isObject(metrics) ? notFiniteError(metrics, { folder, kind: "run" }) : undefined;
};
