/** Differences of resolved specs by leaf; a leaf of a sweep holds all values of its trials. */
import { canonicalJson, isObject } from "../../storage/json.js";
import { describeChoice } from "../figures/settings.js";
import type { Subject } from "./subjects.js";

export interface SpecDifference {
  /** Dotted, as in --set. */
  path: string;
  /** One text per subject; "-" if it has no value. */
  values: readonly string[];
}

/** Names and descriptions, which do not affect results. */
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
      return present.length === 0 ? "-" : inWords(present) + (present.length < trials.length ? ", or unset" : "");
    });
    return new Set(values).size > 1 ? [{ path, values }] : [];
  });
};
