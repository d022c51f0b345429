/**
 * Shared by all data sets from files: options, splits, and the construction of a dataset from sources. With an official test
 * file, the test split comes only from that file and the other splits from the first file.
 */
import type { Dataset, DatasetDescription } from "../../contracts/dataset.js";
import { VaelabError } from "../../errors.js";
import { permutation, stream } from "../../numerics/streams.js";
import type { FieldSchema } from "../../tensor/fields.js";
import { LEVELS } from "../../tensor/mathematics.js";
import { BINARIZE, type Binarize, prepareGray, seedField, supportOf } from "../gray.js";
import {
  checkSizes,
  hashOfSplits,
  type Sizes,
  type Sources,
  type SplitRows,
  sourceSplit,
  splitRows,
} from "../split.js";

export const pathField = (description: string) =>
  ({ type: "string", minLength: 1, description: `${description}. Relative to the spec's folder` }) as const;

export const splitFields = {
  seed: seedField("Seed of the split, binarization and dequantization, independent of the run's seed"),
  train: { type: "integer", minimum: 1, description: "Number of training examples. Default: all that remain" },
  validation: {
    type: "integer",
    minimum: 2,
    description: "Number of validation examples; they select the checkpoint. Default: a tenth",
  },
  test: {
    type: "integer",
    minimum: 2,
    description: "Number of test examples. Default: all of an official test set, else a tenth",
  },
} as const;
export const grayFields = {
  binarize: {
    enum: BINARIZE,
    default: "none",
    description:
      "Binarization of values in [0, 1]. static: sample once; stochastic: sample again in every training step; threshold: 1 if at least 0.5; none: keep the values",
  },
  dequantize: {
    type: "boolean",
    default: false,
    description:
      "Add uniform noise u to 8-bit gray levels k: x = (k + u) / 256. Densities of x then give bits per dimension",
  },
} as const;

/** Fields of the spec after schema validation. */
export type FileOptions = Readonly<Record<string, unknown>>;
/** Numbers of examples in the first file and in the official test file, if any. */
export interface Counts {
  count: number;
  official?: number;
}

const asked = (value: unknown): number | undefined => (value === undefined ? undefined : Number(value));
const LEAST = 2;

/** @throws SPEC_INVALID if the splits need more examples than the files have. */
export const sizesOf = ({ train, validation, test }: FileOptions, { count, official }: Counts): Sizes => {
  const tenth = Math.max(LEAST, Math.floor(count / 10));
  const sizes = {
    validation: asked(validation) ?? tenth,
    test: asked(test) ?? official ?? tenth,
  };
  const taken = sizes.validation + (official === undefined ? sizes.test : 0);
  const all: Sizes = { ...sizes, train: asked(train) ?? Math.max(1, count - taken) };
  if (official === undefined) checkSizes(all, count);
  else {
    checkSizes({ ...all, test: 0 }, count);
    if (all.test > official || all.test < LEAST) {
      throw new VaelabError("SPEC_INVALID", {
        message: `the test split needs ${Math.max(all.test, LEAST)} examples, but the test file has ${official}`,
        where: "/data/test",
        remedy: "Ask for fewer, or leave it out to use them all.",
      });
    }
  }
  return all;
};

/** Rows of the official test file follow those of the first. */
export const rowsOf = (type: string, sizes: Sizes, { count, official }: Counts, seed: number): SplitRows => {
  const uniform = stream(seed, `data/${type}/split`);
  if (official === undefined) return splitRows(count, sizes, uniform);
  const { train, validation } = splitRows(count, { ...sizes, test: 0 }, uniform);
  const order =
    sizes.test === official
      ? Int32Array.from({ length: official }, (_, i) => i)
      : permutation(official, stream(seed, `data/${type}/test`)).slice(0, sizes.test);
  return { train, validation, test: order.map((row) => count + row) };
};

/** Content of the files as known from headers and labels. */
export interface FileSet {
  description: DatasetDescription;
  counts: Counts;
}

/** A dataset without a transformation of its examples. */
export const datasetOf = (
  type: string,
  { description, counts }: FileSet,
  seed: number,
  sources: Sources,
  more: { masks?: Sources; gray?: Binarize; dequantize?: boolean } = {},
): Dataset => {
  const { modeled, sizes } = description;
  const { masks, gray = "none", dequantize = false } = more;
  const rows = rowsOf(type, sizes, counts, seed);
  const { training, evaluation, transform } = prepareGray(modeled, sources[modeled]!, {
    binarize: gray,
    dequantize,
    seed,
  });
  const by = { training: { ...sources, [modeled]: training }, evaluation: { ...sources, [modeled]: evaluation } };
  const hashed = {
    ...by.evaluation,
    ...(transform && { [`raw/${modeled}`]: training }),
    ...Object.fromEntries(Object.entries(masks ?? {}).map(([name, mask]) => [`mask/${name}`, mask])),
  };
  return {
    ...description,
    sha256: hashOfSplits(hashed, rows),
    split: (name, purpose) => sourceSplit(by[purpose], rows[name], masks),
    ...(transform && { transform }),
  };
};

/**
 * Schema of a field of 8-bit or [0, 1] values after binarization or dequantization.
 * @param bytes whether values are multiples of 1 / 255
 */
export const grayField = (field: FieldSchema, { binarize, dequantize }: FileOptions, bytes: boolean): FieldSchema => {
  const refuse = (pointer: string, message: string, remedy: string): never => {
    throw new VaelabError("SPEC_INVALID", { message, where: `/data/${pointer}`, remedy });
  };
  if (dequantize === true) {
    if (binarize !== "none")
      return refuse("dequantize", "binarized values cannot be dequantized", "Remove one of the two.");
    if (!bytes) return refuse("dequantize", "only 8-bit gray values can be dequantized", "Leave it out.");
    return { ...field, levels: LEVELS };
  }
  if (binarize === "none") return field;
  if (field.support !== "unit")
    return refuse(
      "binarize",
      `values with support "${field.support}" are not probabilities`,
      'Set "binarize": "none".',
    );
  return { ...field, support: supportOf(binarize) };
};
