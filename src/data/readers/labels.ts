/**
 * Class labels in files: whole numbers, other numbers or text. Each distinct label is a class, named by its text; codes number
 * the classes in the order of `sortNames`. NaN, an empty string and the labels that the spec lists as missing mean no label.
 */
import { VaelabError } from "../../errors.js";
import type { FieldSchema } from "../../tensor/fields.js";
import { sortNames } from "../class-names.js";
import type { Source } from "../split.js";
import type { ArrayFile } from "./arrays.js";
import { damaged } from "./data-file.js";

export const missingLabelsField = {
  type: "array",
  items: { anyOf: [{ type: "number" }, { type: "string" }] },
  description: "Labels that mark an unlabeled example, such as -1. NaN and empty strings always do",
} as const;

/** More distinct labels are not classes. */
const MOST_CLASSES = 65_536;
/**
 * Fractional numbers with more distinct values than this, or with half as many as examples, are measurements, not classes.
 */
const MOST_FRACTIONS = 256;

export interface Labels {
  field: FieldSchema;
  values: Source;
  /** Absent where every example has a label. */
  mask?: Source;
  /** Number of unlabeled examples. */
  missing: number;
}
export interface LabelFile {
  labels: ArrayFile;
  examples: { name: string; count: number };
}

/** The shortest text that reads back as the same number: 0.1 rather than 0.10000000149011612 in single precision. */
const numberText = (label: number, bytes: number): string => {
  if (bytes > 4 || Number.isInteger(label)) return String(label === 0 ? 0 : label);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(label.toPrecision(digits));
    if (Math.fround(short) === label) return String(short);
  }
  return String(label);
};

/** One label per example, "" for none. */
const readFile = ({ labels, examples }: LabelFile): string[] => {
  const { name, shape, type, start } = labels;
  const count = shape[0]!;
  if (!shape.slice(1).every((size) => size === 1))
    throw damaged(name, `labels need one value per example, but the array is ${shape.join(" x ")}`);
  if (count !== examples.count)
    throw damaged(name, `it has ${count} labels for the ${examples.count} examples of ${examples.name}`);
  const { buffer, byteOffset } = labels.open().read(start, count * type.bytes);
  const view = new DataView(buffer, byteOffset, count * type.bytes);
  const textOf = (label: number | string, row: number): string => {
    if (typeof label === "string") return label;
    if (type.kind === "boolean") return String(label !== 0);
    if (Number.isNaN(label)) return "";
    if (!Number.isFinite(label)) throw damaged(`${name} row ${row}`, `the label ${label} is not a class`);
    return numberText(label, type.bytes);
  };
  const texts = new Map<number | string, string>();
  return Array.from({ length: count }, (_, row) => {
    const label = type.read(view, row * type.bytes);
    const text = texts.get(label) ?? textOf(label, row);
    texts.set(label, text);
    return text;
  });
};

/** scikit-learn marks unlabeled examples by -1. Next to several nonnegative labels, -1 may also be a class. */
const assertClear = (labels: ReadonlySet<string>, name: string): void => {
  const others = [...labels].filter((label) => label !== "-1" && label !== "");
  if (!labels.has("-1") || others.length < 2 || !others.every((label) => Number(label) >= 0)) return;
  throw new VaelabError("SPEC_INVALID", {
    message: `${name} contains the label -1, which may be a class or mark unlabeled examples`,
    where: "/data/missingLabels",
    remedy: 'Set "missingLabels": [-1] if it marks unlabeled examples, or "missingLabels": [] if it is a class.',
  });
};

/**
 * Reads the labels of all files, in their order.
 * @param missing `missingLabels` of the spec
 * @param classNames names of the labels 0, 1, ..., where the files are known to number their classes
 * @throws DATA, SPEC_INVALID
 */
export const readLabels = (
  files: readonly LabelFile[],
  missing: unknown,
  classNames: readonly string[] = [],
): Labels => {
  const { name, type } = files[0]!.labels;
  const all = files.flatMap(readFile);
  const distinct = new Set(all);
  if (missing === undefined && type.kind !== "text") assertClear(distinct, name);
  const none = new Set(["", ...(Array.isArray(missing) ? missing.map(String) : [])]);
  const names = sortNames([...distinct].filter((label) => !none.has(label)));
  if (names.length === 0) throw damaged(name, "no example has a label");
  const isFraction = type.kind === "float" && names.some((label) => !Number.isInteger(Number(label)));
  const most = isFraction ? Math.min(MOST_FRACTIONS, all.length >> 1) : MOST_CLASSES;
  if (names.length > most)
    throw damaged(name, `it has ${names.length} distinct labels; at most ${most} can be classes`);
  const codes = new Map(names.map((label, code) => [label, code]));
  const titles = names.map((label) => classNames[Number(label)] ?? label);
  return {
    // Names equal to their codes are redundant.
    field: labelField(names.length, titles.every((title, code) => title === String(code)) ? undefined : titles),
    ...labelSources(Float32Array.from(all, (label) => codes.get(label) ?? Number.NaN)),
  };
};

export const labelField = (classes: number, names?: readonly string[]): FieldSchema => ({
  kind: "label",
  shape: [],
  support: "categorical",
  classes,
  ...(names && { names }),
});

/** @param codes one per example; NaN for unlabeled, which reads as 0 and is masked */
export const labelSources = (codes: ArrayLike<number>): Omit<Labels, "field"> => {
  const source = (value: (code: number) => number): Source => ({
    width: 1,
    fill: (row, out, at) => {
      out[at] = value(codes[row]!);
    },
  });
  let missing = 0;
  for (let row = 0; row < codes.length; row++) missing += Number(Number.isNaN(codes[row]));
  return {
    missing,
    values: source((code) => (Number.isNaN(code) ? 0 : code)),
    ...(missing > 0 && { mask: source((code) => (Number.isNaN(code) ? 0 : 1)) }),
  };
};

/** Examples of several files, one file after the other. */
export const joined = (sources: readonly Source[], counts: readonly number[]): Source => {
  const [first] = sources;
  return {
    width: first!.width,
    fill: (row, out, at) => {
      let file = 0;
      let rest = row;
      while (rest >= counts[file]!) rest -= counts[file++]!;
      sources[file]!.fill(rest, out, at);
    },
  };
};
