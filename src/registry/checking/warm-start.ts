/** Checks `warmStart` against the run that it names, and fills in the hash of that run's content. */
import { VaelabError } from "../../errors.js";
import { contentOfRun, readFinishedRun } from "../../storage/finished-run.js";
import { isObject } from "../../storage/json.js";
import type { Finding } from "./diagnostics.js";

const POINTER = "/warmStart";

/** Prefixes of parameter names by part: "encoder/", "posterior/", ... */
const partsOf = (names: readonly string[]): string[] =>
  [...new Set(names.map((name) => name.replace(/\/.*$/, "/")))].sort();

/** Replaces fields in place, like resolve hooks. */
export const resolveWarmStart = (spec: Record<string, unknown>): Finding[] => {
  const { warmStart } = spec;
  if (!isObject(warmStart) || typeof warmStart.run !== "string" || !Array.isArray(warmStart.parameters)) return [];
  try {
    const content = contentOfRun(warmStart.run, warmStart.content);
    const names = Object.keys(readFinishedRun(warmStart.run).model);
    spec.warmStart = { ...warmStart, content };
    return warmStart.parameters.flatMap((prefix, index): Finding[] => {
      if (names.some((name) => name.startsWith(String(prefix)))) return [];
      const message = `the run ${warmStart.run} has no parameter whose name starts with ${JSON.stringify(prefix)}`;
      const remedy = `It has: ${partsOf(names).join(", ")}`;
      return [{ code: "SPEC_COMBINATION", pointer: `${POINTER}/parameters/${index}`, message, remedy }];
    });
  } catch (error) {
    if (!(error instanceof VaelabError)) throw error;
    return error.problems.map(({ where, message, remedy }) => ({
      code: "SPEC_COMBINATION",
      pointer: `${POINTER}/run`,
      message: where ? `${where}: ${message}` : message,
      ...(remedy && { remedy }),
    }));
  }
};
