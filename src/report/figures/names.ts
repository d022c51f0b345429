/**
 * What the names of figures mean to a reader. A report draws whatever figures a folder holds; the ones known here get their
 * places in the charts and come first in tables, every other is shown after them under its own name.
 */
import { type Figure, figureName } from "../../contracts/metric.js";

const ACRONYMS: Readonly<Record<string, string>> = {
  elbo: "ELBO",
  nll: "NLL",
  iwae: "IWAE",
  kl: "KL",
  mse: "MSE",
  fid: "FID",
  kid: "KID",
  ess: "ESS",
  ms: "MS",
  ssim: "SSIM",
  prd: "PRD",
};

/** "nllTrainingEncoder", "nll/training-encoder", "iwae-nll": their words, in lower case. */
const words = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean)
    .map((word) => word.toLowerCase());

export const PRIOR_DRAWS = "draws at samples of the prior";

/** The figure's own name, and the set that it is of: "" for draws at samples of the prior, or where there are no sets. */
export const splitName = (name: string): { figure: string; set: string } => {
  const [, figure = name, set = ""] = /^([^/]+)\/([a-z].*)$/.exec(name) ?? [];
  return { figure, set };
};

/** "conditionalAccuracy-3/means" is of the class 3: the figure "conditionalAccuracy/means" of it; undefined of any other name. */
export const classOf = (name: string): { figure: string; label: number } | undefined => {
  const { figure, set } = splitName(name);
  const [, base, label] = /^(.+)-(\d+)$/.exec(figure) ?? [];
  return base === undefined ? undefined : { figure: figureName(base, set), label: Number(label) };
};

/** The sampler fitted after training whose codes a figure is of: "gaussian-mixture" of "recall/gaussian-mixture/means". */
export const samplerOf = (name: string): string | undefined => {
  const [sampler = ""] = isOfAnotherSet(name) ? splitName(name).set.split("/") : [];
  return sampler === "" || sampler === "means" ? undefined : sampler;
};

/** "decoded means", "gaussian mixture on the codes, decoded means". */
export const setTitle = (set: string): string => {
  if (set === "") return PRIOR_DRAWS;
  return set
    .split("/")
    .map((part) => (part === "means" ? "decoded means" : `${part.replaceAll("-", " ")} on the codes`))
    .join(", ");
};

/**
 * "squaredError" → "squared error", "nllTrainingEncoder" and "nll/training-encoder" → "NLL, training encoder", "bitsPerDimension.nll" →
 * "bits a dimension, NLL", "recall/means" → "recall, decoded means".
 */
export const figureTitle = (name: string): string => {
  const { figure, set } = splitName(name);
  if (set !== "" && !/encoder$/.test(set)) return `${figureTitle(figure)}, ${setTitle(set)}`;
  const title = words(name).map((word) => ACRONYMS[word] ?? word);
  return (
    title
      .join(" ")
      .replace(/ (training|refitted) encoder$/, ", $1 encoder")
      .replace(/^bits per dimension /, "bits a dimension, ") || name
  );
};

const isAbout = (name: string, ...subjects: string[]): boolean => words(name).join("").startsWith(subjects.join(""));
export const isRate = (name: string): boolean => words(name).join("") === "rate";
export const isDistortion = (name: string): boolean => words(name).join("") === "distortion";
/** A negative log-likelihood, not what tells how far to trust it (its effective sample size). */
export const isNll = (name: string): boolean =>
  words(name).includes("nll") && !words(name).some((word) => /^(effective|ess|size|error|bound|bits)$/.test(word));
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
  (name) => isAbout(name, "bits"),
  (name) => isAbout(name, "squared", "error"),
  (name) => isAbout(name, "active"),
];
/** Beside them, in the order of what a report speaks of first: fidelity, diversity, distances. */
const SAMPLES = [
  "precision",
  "recall",
  "density",
  "coverage",
  "vendi",
  "frechet",
  "kernel",
  "conditional",
  "classifier",
];
const place = (name: string): number => {
  const found = ORDER.findIndex((matches) => matches(name));
  if (found >= 0) return found;
  const [figure = name, ...set] = name.split("/");
  const ofSamples = SAMPLES.findIndex((subject) => isAbout(figure, subject));
  return ORDER.length + (ofSamples < 0 ? SAMPLES.length : ofSamples) + set.length / 10;
};
/** Known figures first in the order of the field's tables, then the others as they come. */
export const orderedNames = (records: readonly Readonly<Record<string, unknown>>[]): string[] =>
  [...new Set(records.flatMap((record) => Object.keys(record)))].sort((a, b) => place(a) - place(b));
/** The figures that a table on a terminal has room for. */
export const isLeading = (name: string): boolean => place(name) < ORDER.length;

/** Of one set of samples among several, apart from draws at the prior: shown beside those, not in the first tables. */
export const isOfAnotherSet = (name: string): boolean => splitName(name).set !== "" && !isNll(name);

/** A figure that its own note calls a bound from above. */
export const isUpperBound = (figure: Figure | undefined): boolean => /^upper bound/.test(figure?.note ?? "");

/** Why a figure is null, or how to read it. */
export const noteOf = ({ value, note }: Figure): string => note ?? (value === null ? "no reason was given" : "");

/** The value and unit of a figure where it is a number that can be drawn. */
export const drawable = (figure: Figure | undefined): figure is Figure & { value: number } =>
  figure !== undefined && typeof figure.value === "number" && Number.isFinite(figure.value);
