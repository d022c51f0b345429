/**
 * Classifies the logged values of a run. A dotted name is the path of a schedule in the spec (objective.beta); a plain name
 * that repeats the end of such a path is the same value and is dropped; values that are also measured in validation are
 * terms.
 */
import type { Curves } from "../read/curves.js";

const TERMS_FIRST = ["loss", "distortion", "rate", "elbo"];
const OTHERS_FIRST = ["gradientNorm", "beta", "learningRate"];
const BY_DIMENSION = /^kl\/\d+$/;

const ACRONYMS: Readonly<Record<string, string>> = { elbo: "ELBO", nll: "NLL", kl: "KL", mse: "MSE" };

/** The name of a logged value in words: "gradientNorm" is "gradient norm". */
export const termTitle = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean)
    .map((word) => ACRONYMS[word.toLowerCase()] ?? word.toLowerCase())
    .join(" ") || name;

const lastPart = (name: string): string => name.slice(name.lastIndexOf(".") + 1);
const inOrder = (names: readonly string[], first: readonly string[]): string[] => {
  const place = (name: string): number =>
    first.includes(lastPart(name)) ? first.indexOf(lastPart(name)) : first.length;
  return [...names].sort((a, b) => place(a) - place(b));
};

const namesOf = (curves: Curves): string[] => {
  const names = [...new Set(curves.all.map(({ name }) => name))].filter((name) => !BY_DIMENSION.test(name));
  const scheduled = new Set(names.filter((name) => name.includes(".")).map(lastPart));
  return names.filter((name) => name.includes(".") || !scheduled.has(name));
};

/** The loss and its terms, in display order. */
export const termNames = (curves: Curves): string[] => {
  const names = namesOf(curves).filter((name) => !name.includes("."));
  const validated = names.filter((name) => curves.get(name, "validation"));
  return inOrder(validated.length > 0 ? validated : names.filter((name) => TERMS_FIRST.includes(name)), TERMS_FIRST);
};

/** Values of the training split only: gradient norm, speed, schedules. */
export const otherNames = (curves: Curves): string[] => {
  const terms = termNames(curves);
  return inOrder(
    namesOf(curves).filter((name) => !terms.includes(name)),
    OTHERS_FIRST,
  );
};

/** Last part of its path in words, or the whole path if two share the last part. */
export const curveTitle = (name: string, among: readonly string[]): string =>
  among.filter((other) => lastPart(other) === lastPart(name)).length > 1 ? name : termTitle(lastPart(name));
