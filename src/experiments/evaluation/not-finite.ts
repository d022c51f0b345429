/** Figures that came out as NaN or infinite: the others are kept, and the command still ends with an error. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { VaelabError } from "../../errors.js";
import { readVersioned } from "../../storage/format.js";
import { isObject } from "../../storage/json.js";
import { RUN_FILES, type RunMetrics } from "../../storage/layout.js";

/** More are counted. */
const SHOWN = 5;

const namesOf = (measurements: unknown): string[] =>
  Object.entries(isObject(measurements) ? measurements : {}).flatMap(([name, measurement]) =>
    isObject(measurement) && typeof measurement.notFinite === "string" ? `${name} is ${measurement.notFinite}` : [],
  );

/** @param folder where the figures are. @returns nothing where all of them are finite */
export const notFiniteError = (
  { measurements, controls }: Partial<Record<keyof RunMetrics, unknown>>,
  folder: string,
): VaelabError | undefined => {
  const found = [measurements, ...Object.values(isObject(controls) ? controls : {})].flatMap(namesOf);
  if (found.length === 0) return undefined;
  const more = found.length > SHOWN ? ` and ${found.length - SHOWN} more` : "";
  return new VaelabError("FIGURE", {
    message: `figures are not finite: ${found.slice(0, SHOWN).join(", ")}${more}`,
    where: folder,
    remedy: "All other figures and the report are written; the notes of these say why.",
  });
};

/** The same of a run that is finished, by its own metrics.json. */
export const finishedError = (folder: string): VaelabError | undefined => {
  const path = join(folder, RUN_FILES.metrics);
  const metrics = existsSync(path) ? readVersioned(path) : undefined;
  return isObject(metrics) ? notFiniteError(metrics, folder) : undefined;
};
