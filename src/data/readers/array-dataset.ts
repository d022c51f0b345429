/** Arrays of examples in files (idx, npy, npz) as a data set: images or vectors, with labels or without, with an official test set or not. */
import type { Dataset, DatasetDescription } from "../../contracts/dataset.js";
import { VaelabError } from "../../errors.js";
import type { Support } from "../../tensor/fields.js";
import type { Binarize } from "../gray.js";
import { channelsField, type Layout, layoutOf } from "./array-layout.js";
import { type ArrayFile, arraySource } from "./arrays.js";
import { damaged } from "./data-file.js";
import { datasetOf, type FileOptions, type FileSet, grayField, sizesOf } from "./file-dataset.js";
import { joined, type Labels, readLabels } from "./labels.js";

export const arrayFields = {
  shape: {
    type: "array",
    minItems: 1,
    maxItems: 3,
    items: { type: "integer", minimum: 1 },
    description:
      "of one example, where the file has it flat: [height, width, channels], [height, width] or [columns]; axes are split or merged in the file's order",
  },
  channels: channelsField,
  support: {
    enum: ["binary", "unit", "real", "count"],
    description: "where the values lie; unless given, bytes are gray values k / 255, booleans binary and all else real",
  },
} as const;

export interface ExampleFiles {
  values: ArrayFile;
  labels?: ArrayFile;
}
export type FilePair = readonly [first: ExampleFiles, test: ExampleFiles | undefined];

/** @param open the array that a field of the spec names */
export const filePair = (
  open: (name: string) => ArrayFile,
  [values, labels, testValues, testLabels]: readonly unknown[],
): FilePair => {
  const filesOf = (examples: unknown, classes: unknown): ExampleFiles => ({
    values: open(String(examples)),
    ...(classes !== undefined && { labels: open(String(classes)) }),
  });
  if (testLabels !== undefined && testValues === undefined) {
    throw new VaelabError("SPEC_INVALID", {
      message: "labels are given for a test set that is not",
      where: "/data/testLabels",
    });
  }
  return [filesOf(values, labels), testValues === undefined ? undefined : filesOf(testValues, testLabels)];
};

interface ArraySet extends FileSet {
  /** What values are divided by. */
  divisor: number;
  layout: Layout;
  labels?: Labels;
}

const BYTE = 255;
/** Bytes are gray values k / 255, booleans binary, all else real, unless another support is asked for. */
const supportOf = ({ name, type }: ArrayFile, asked: unknown): { support: Support; divisor: number } => {
  if (type.kind === "text") throw damaged(name, `it holds ${type.name}, and values are numbers`);
  const bytes = type.kind === "integer" && type.name === "bytes";
  const support = (asked ?? (bytes ? "unit" : type.kind === "boolean" ? "binary" : "real")) as Support;
  if (support === "unit" && !bytes && type.kind !== "float") {
    throw new VaelabError("SPEC_INVALID", {
      message: `${name} holds ${type.name}, which are no values from 0 to 1`,
      where: "/data/support",
      remedy: "Values from 0 to 1 are bytes (k / 255) or floats.",
    });
  }
  return { support, divisor: support === "unit" && bytes ? BYTE : 1 };
};

/** From the headers, and from the labels themselves. */
export const inspectArrays = ([first, test]: FilePair, options: FileOptions): ArraySet => {
  const { values } = first;
  const layout = layoutOf(values, options);
  const { kind, shape } = layout;
  const { support, divisor } = supportOf(values, options.support);
  if (test) {
    const [ours, theirs] = [values.shape.slice(1), test.values.shape.slice(1)];
    if (ours.join() !== theirs.join())
      throw damaged(
        test.values.name,
        `its examples are ${theirs.join(" x ")}, and those of ${values.name} ${ours.join(" x ")}`,
      );
    if (test.values.type.name !== values.type.name)
      throw damaged(test.values.name, `it holds ${test.values.type.name}, and ${values.name} ${values.type.name}`);
  }
  const files = test ? [first, test] : [first];
  const labeled = files.filter((file): file is Required<ExampleFiles> => file.labels !== undefined);
  if (labeled.length > 0 && labeled.length < files.length) {
    throw new VaelabError("SPEC_INVALID", {
      message: "labels are given for one of the two files",
      where: "/data",
      remedy: "Give them for both, or for neither.",
    });
  }
  const labels =
    labeled.length > 0
      ? readLabels(
          labeled.map((file) => ({
            labels: file.labels,
            examples: { name: file.values.name, count: file.values.shape[0]! },
          })),
        )
      : undefined;
  const counts = { count: values.shape[0]!, ...(test && { official: test.values.shape[0]! }) };
  const name = kind === "image" ? "image" : "x";
  const field = grayField({ kind, shape, support }, options, divisor === BYTE);
  const description: DatasetDescription = {
    fields: { [name]: field, ...(labels && { label: labels.field }) },
    modeled: name,
    sizes: sizesOf(options, counts),
  };
  return { description, counts, divisor, layout, ...(labels && { labels }) };
};

export const arrayDataset = (
  type: string,
  pair: FilePair,
  options: FileOptions & { seed: number; binarize: Binarize; dequantize: boolean },
): Dataset => {
  const [first, test] = pair;
  const { divisor, labels, layout, ...set } = inspectArrays(pair, options);
  // What is read is checked before it is binarized.
  const { support } = supportOf(first.values, options.support);
  const files = test ? [first, test] : [first];
  const values = joined(
    files.map((file) => arraySource(file.values, file.values.open(), { support, divisor, order: layout.order })),
    files.map((file) => file.values.shape[0]!),
  );
  const { seed, binarize, dequantize } = options;
  const sources = { [set.description.modeled]: values, ...(labels && { label: labels.source }) };
  return datasetOf(type, set, seed, sources, { gray: binarize, dequantize });
};
