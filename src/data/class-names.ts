/** Names of classes, and the order that gives them their codes. */
import type { Dataset } from "../contracts/dataset.js";
import { VaelabError } from "../errors.js";
import { isObject } from "../storage/json.js";

/** A decimal number, whole. */
export const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Distinct names: numbers by value (2 before 10), then all others by code unit, so that every machine agrees. */
export const sortNames = (names: Iterable<string>): string[] => {
  const ranked = Array.from(new Set(names), (name) => ({ name, value: NUMBER.test(name) ? Number(name) : Infinity }));
  return ranked
    .sort((a, b) => (a.value === b.value ? (a.name < b.name ? -1 : 1) : a.value - b.value))
    .map(({ name }) => name);
};

type Names = Readonly<Record<string, readonly string[]>>;

const namesOf = ({ fields }: Dataset): Names =>
  Object.fromEntries(Object.entries(fields).flatMap(([name, { names }]) => (names ? [[name, names]] : [])));

/**
 * Adds the class names, in the order of their codes, to the preparation that a run keeps.
 * @param preparation what a resumed or finished run kept
 * @throws RUN_FOLDER if the run was trained on classes with other names
 */
export const withClasses = (dataset: Dataset, preparation: unknown): Dataset => {
  const classes = namesOf(dataset);
  const kept = isObject(preparation) && isObject(preparation.classes) ? preparation.classes : {};
  for (const [field, names] of Object.entries(kept)) {
    const now = classes[field] ?? [];
    if (!Array.isArray(names) || (names.length === now.length && names.every((name, code) => name === now[code])))
      continue;
    throw new VaelabError("RUN_FOLDER", {
      message: `the run was trained with the classes ${names.join(", ")} of "${field}", but the data now have ${now.join(", ")}`,
      remedy: "Restore the data, or start a new run.",
    });
  }
  if (Object.keys(classes).length === 0) return dataset;
  const prepared = isObject(dataset.preparation) ? dataset.preparation : {};
  return { ...dataset, preparation: { ...prepared, classes } };
};
