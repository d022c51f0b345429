/**
 * What the names of figures mean to a reader. A report draws whatever figures a folder holds; the ones known here get their
 * places in the charts and come first in tables, every other is shown after them under its own name.
 */
import type { Figure } from "../core/contracts/metric.js";

const ACRONYMS: Readonly<Record<string, string>> = {
  elbo: "ELBO",
  nll: "NLL",
  iwae: "IWAE",
  kl: "KL",
  mse: "MSE",
  fid: "FID",
  kid: "KID",
  ess: "ESS",
};

/** "nllTrainingEncoder", "nll/training-encoder", "iwae-nll": their words, in lower case. */
const words = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean)
    .map((word) => word.toLowerCase());

/** "squaredError" → "squared error", "nllTrainingEncoder" → "NLL, training encoder". */
export const figureTitle = (name: string): string => {
  const title = words(name).map((word) => ACRONYMS[word] ?? word);
  return title.join(" ").replace(/ (training|refitted) encoder$/, ", $1 encoder") || name;
};

const isAbout = (name: string, ...subjects: string[]): boolean => words(name).join("").startsWith(subjects.join(""));
export const isRate = (name: string): boolean => words(name).join("") === "rate";
export const isDistortion = (name: string): boolean => words(name).join("") === "distortion";
/** A negative log-likelihood, not what tells how far to trust it (its effective sample size). */
export const isNll = (name: string): boolean =>
  words(name).includes("nll") && !words(name).some((word) => /^(effective|ess|size|error|bound)$/.test(word));
/** Through which encoder a likelihood was asked: "nll" is through the refitted one, unless its note says otherwise. */
export const nllEncoder = (name: string, note?: string): "refitted encoder" | "training encoder" =>
  words(name).some((word) => /^train/.test(word)) || /^by the training encoder/.test(note ?? "")
    ? "training encoder"
    : "refitted encoder";

const ORDER: readonly ((name: string) => boolean)[] = [
  isRate,
  isDistortion,
  (name) => isAbout(name, "elbo"),
  (name) => isNll(name) && nllEncoder(name) === "training encoder",
  (name) => isNll(name) && nllEncoder(name) === "refitted encoder",
  (name) => isAbout(name, "squared", "error"),
  (name) => isAbout(name, "active"),
];
const place = (name: string): number => {
  const found = ORDER.findIndex((matches) => matches(name));
  return found < 0 ? ORDER.length : found;
};
/** Known figures first in the order of the field's tables, then the others as they come. */
export const orderedNames = (records: readonly Readonly<Record<string, unknown>>[]): string[] =>
  [...new Set(records.flatMap((record) => Object.keys(record)))].sort((a, b) => place(a) - place(b));
/** The figures that a table on a terminal has room for. */
export const isLeading = (name: string): boolean => place(name) < ORDER.length;

/** A figure that its own note calls a bound from above. */
export const isUpperBound = (figure: Figure | undefined): boolean => /^upper bound/.test(figure?.note ?? "");

/** Why a figure is null, or how to read it. */
export const noteOf = ({ value, note }: Figure): string => note ?? (value === null ? "no reason was given" : "");

/** The value and unit of a figure where it is a number that can be drawn. */
export const drawable = (figure: Figure | undefined): figure is Figure & { value: number } =>
  figure !== undefined && typeof figure.value === "number" && Number.isFinite(figure.value);
