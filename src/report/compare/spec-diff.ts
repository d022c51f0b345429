/** Where resolved specs differ, leaf by leaf; a sweep's leaf is every value that its trials have there. */
import { canonicalJson, isObject } from "../../storage/json.js";
import { describeChoice } from "../figures/settings.js";
import type { Subject } from "./subjects.js";

export interface SpecDifference {
  /** Dotted, as in --set. */
  path: string;
  /** A subject each, in words; "-" where it has nothing there. */
  values: readonly string[];
}

/** What names and describes, and computes nothing. */
const NAMES = new Set(["name", "description", "$schema", "extends"]);

const leavesOf = (value: unknown, path: string, into: Map<string, unknown>): Map<string, unknown> => {
  if (isObject(value) && Object.keys(value).length > 0)
    for (const [name, child] of Object.entries(value)) leavesOf(child, path ? `${path}.${name}` : name, into);
  else into.set(path, value);
  return into;
};

const inWords = (values: readonly unknown[]): string =>
  [...new Map(values.map((value) => [canonicalJson(value ?? null), value])).values()].map(describeChoice).join(", ");

export const specDifferences = (subjects: readonly Subject[]): SpecDifference[] => {
  const leaves = subjects.map(({ trials }) => trials.map(({ resolved }) => leavesOf(resolved, "", new Map())));
  const paths = [...new Set(leaves.flat().flatMap((of) => [...of.keys()]))].filter(
    (path) => !NAMES.has(path.split(".")[0]!),
  );
  return paths.flatMap((path) => {
    const values = leaves.map((trials) => {
      const present = trials.filter((of) => of.has(path)).map((of) => of.get(path));
      return present.length === 0 ? "-" : inWords(present) + (present.length < trials.length ? ", or nothing" : "");
    });
    return new Set(values).size > 1 ? [{ path, values }] : [];
  });
};
