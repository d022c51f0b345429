/** A data set of arrays in files (idx, npy, npz): images or vectors, optionally with labels and an official test set. */
import type { Dataset, DatasetContext, DatasetDescription } from "../../contracts/dataset.js";
import { VaelabError } from "../../errors.js";
import type { Support } from "../../tensor/fields.js";
import { withClasses } from "../class-names.js";
import type { Binarize } from "../gray.js";
import { channelsField, type Layout, layoutOf, sequencesField } from "./array-layout.js";
import { type ArrayFile, arraySource } from "./arrays.js";
import { damaged } from "./data-file.js";
import { datasetOf, type FileOptions, type FileSet, grayField, sizesOf } from "./file-dataset.js";
import { joined, type Labels, missingLabelsField, readLabels } from "./labels.js";

export const scaleField = {
  type: "number",
  exclusiveMinimum: 0,
  description: "Divisor of all values, such as 255 to map [0, 255] to [0, 1]. Default: 255 for gray bytes, else 1",
} as const;
export const arrayFields = {
  scale: scaleField,
  shape: {
    type: "array",
    minItems: 1,
    maxItems: 3,
    items: { type: "integer", minimum: 1 },
    description:
      "Shape of one example, if the file stores it flat: [height, width, channels], [height, width] or [columns]. Axes may be split or merged, not reordered",
  },
  channels: channelsField,
  sequences: sequencesField,
  missingLabels: missingLabelsField,
  support: {
    enum: ["binary", "unit", "real", "positive", "categorical", "one-hot", "count"],
    description:
      "Support of the values. Default: unit for bytes, read as gray values k / 255; binary for booleans; else real. categorical: codes 0, 1, ... of `classes` categories; one-hot: a single 1 along the last axis",
  },
  classes: {
    type: "integer",
    minimum: 2,
    maximum: 4096,
    description: 'Number of categories, with "support": "categorical"',
  },
} as const;

export interface ExampleFiles {
  values: ArrayFile;
  labels?: ArrayFile;
}
export type FilePair = readonly [first: ExampleFiles, test: ExampleFiles | undefined];

/** @param open opens the array that a field of the spec names */
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
      message: "labels are given for a test set, but no test set is given",
      where: "/data/testLabels",
    });
  }
  return [filesOf(values, labels), testValues === undefined ? undefined : filesOf(testValues, testLabels)];
};

interface ArraySet extends FileSet {
  values: Values;
  layout: Layout;
  labels?: Labels;
}

const BYTE = 255;
interface Values {
  support: Support;
  /** Divisor of the values. */
  divisor: number;
  /** Whether they are multiples of 1 / 255. */
  gray: boolean;
  /** Number of categories, of codes and of one-hot vectors. */
  classes?: number;
}
/** @param last size of the last axis of an example */
const classesOf = (support: Support, asked: unknown, last: number): { classes?: number } => {
  const refuse = (pointer: string, message: string, remedy: string): never => {
    throw new VaelabError("SPEC_INVALID", { message, where: `/data/${pointer}`, remedy });
  };
  if (support === "categorical") {
    if (asked === undefined)
      refuse("support", "codes of categories need the number of categories", 'Set it, as in "classes": 10.');
    return { classes: Number(asked) };
  }
  if (asked !== undefined) refuse("classes", `values with support "${support}" have no classes`, "Remove it.");
  if (support !== "one-hot") return {};
  if (last < 2)
    refuse(
      "support",
      "a one-hot vector has at least 2 elements, but the last axis of an example has 1",
      'Set "shape": [height, width, categories], or [categories].',
    );
  return { classes: last };
};

/** By default bytes are gray values k / 255, booleans are binary, and all other types are real. */
const valuesOf = (
  { name, type }: ArrayFile,
  { support: asked, scale, classes }: FileOptions,
  { shape }: Pick<Layout, "shape">,
): Values => {
  if (type.kind === "text") throw damaged(name, `it contains ${type.name} instead of numbers`);
  const bytes = type.kind === "integer" && type.name === "bytes";
  const support = (asked ?? (bytes ? "unit" : type.kind === "boolean" ? "binary" : "real")) as Support;
  if (support === "unit" && !bytes && type.kind !== "float" && scale === undefined) {
    throw new VaelabError("SPEC_INVALID", {
      message: `${name} holds ${type.name}, which exceed the range [0, 1]`,
      where: "/data/support",
      remedy: 'Divide them by their maximum, as in "scale": 65535.',
    });
  }
  const divisor = scale === undefined ? (support === "unit" && bytes ? BYTE : 1) : Number(scale);
  const gray = support === "unit" && bytes && divisor === BYTE;
  return { support, divisor, gray, ...classesOf(support, classes, shape.at(-1)!) };
};

/**
 * Reads the headers, and the labels in full.
 * @param classNames names of the labels 0, 1, ...; by default a label is its own name
 */
export const inspectArrays = (
  [first, test]: FilePair,
  options: FileOptions,
  classNames?: readonly string[],
): ArraySet => {
  const { values } = first;
  const layout = layoutOf(values, options);
  const { kind, shape } = layout;
  const found = valuesOf(values, options, layout);
  const { support, classes, gray } = found;
  if (test) {
    const [ours, theirs] = [values.shape.slice(1), test.values.shape.slice(1)];
    if (ours.join() !== theirs.join())
      throw damaged(
        test.values.name,
        `its examples are ${theirs.join(" x ")}, but those of ${values.name} are ${ours.join(" x ")}`,
      );
    if (test.values.type.name !== values.type.name)
      throw damaged(
        test.values.name,
        `it holds ${test.values.type.name}, but ${values.name} holds ${values.type.name}`,
      );
  }
  const files = test ? [first, test] : [first];
  const labeled = files.filter((file): file is Required<ExampleFiles> => file.labels !== undefined);
  if (labeled.length > 0 && labeled.length < files.length) {
    throw new VaelabError("SPEC_INVALID", {
      message: "labels are given for only one of the two files",
      where: "/data",
      remedy: "Give labels for both, or for neither.",
    });
  }
  const labels =
    labeled.length > 0
      ? readLabels(
          labeled.map((file) => ({
            labels: file.labels,
            examples: { name: file.values.name, count: file.values.shape[0]! },
          })),
          options.missingLabels,
          classNames,
        )
      : undefined;
  const counts = { count: values.shape[0]!, ...(test && { official: test.values.shape[0]! }) };
  const name = kind === "image" ? "image" : "x";
  const field = grayField(
    { kind, shape, support, ...(support === "categorical" && { classes: classes! }) },
    options,
    gray,
  );
  const description: DatasetDescription = {
    fields: { [name]: field, ...(labels && { label: labels.field }) },
    modeled: name,
    sizes: sizesOf(options, counts),
    ...(labels?.mask && { partial: ["label"], missing: { label: labels.missing } }),
  };
  return { description, counts, values: found, layout, ...(labels && { labels }) };
};

export const arrayDataset = (
  type: string,
  pair: FilePair,
  options: FileOptions & { seed: number; binarize: Binarize; dequantize: boolean },
  { preparation }: DatasetContext,
  classNames?: readonly string[],
): Dataset => {
  const [first, test] = pair;
  const { values: found, labels, layout, ...set } = inspectArrays(pair, options, classNames);
  // Values are checked before binarization.
  const { support, divisor, classes } = found;
  const files = test ? [first, test] : [first];
  const values = joined(
    files.map((file) =>
      arraySource(file.values, file.values.open(), { support, divisor, classes, order: layout.order }),
    ),
    files.map((file) => file.values.shape[0]!),
  );
  const { seed, binarize, dequantize } = options;
  const sources = { [set.description.modeled]: values, ...(labels && { label: labels.values }) };
  const masks = labels?.mask && { masks: { label: labels.mask } };
  const dataset = datasetOf(type, set, seed, sources, { gray: binarize, dequantize, ...masks });
  return withClasses(dataset, preparation);
};
