/** What a spec says that it starts from, checked against the run that it names, whose content is filled in. */
import { VaelabError } from "../../errors.js";
import { contentOfRun, readFinishedRun } from "../../storage/finished-run.js";
import { isObject } from "../../storage/json.js";
import type { Finding } from "./diagnostics.js";

const POINTER = "/from";

/** The parts of a model that parameters belong to: "encoder/", "posterior/", ... */
const partsOf = (names: readonly string[]): string[] =>
  [...new Set(names.map((name) => name.replace(/\/.*$/, "/")))].sort();

/** Replaced in place, as a resolve hook's fields are. */
export const resolveFrom = (spec: Record<string, unknown>): Finding[] => {
  const { from } = spec;
  if (!isObject(from) || typeof from.run !== "string" || !Array.isArray(from.parameters)) return [];
  try {
    const content = contentOfRun(from.run, from.content);
    const names = Object.keys(readFinishedRun(from.run).model);
    spec.from = { ...from, content };
    return from.parameters.flatMap((prefix, index): Finding[] => {
      if (names.some((name) => name.startsWith(String(prefix)))) return [];
      const message = `the run ${from.run} has no parameter whose name begins with ${JSON.stringify(prefix)}`;
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
