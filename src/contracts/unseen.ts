/** Examples that a data set does not hold: how they are prepared as its own were, and how values become a row of a table again. */
import type { FieldSchemas } from "../tensor/fields.js";

/** A cell as a table has it. `null`, `undefined` and NaN mean that the value is missing. */
export type Cell = string | number | boolean | null | undefined;
/** A row of a table by column name. */
export type TableRow = Readonly<Record<string, Cell>>;

/** What a run kept of its data set. */
export interface KeptDescription {
  fields: FieldSchemas;
  modeled: string;
  /** `Dataset.preparation`. */
  preparation?: unknown;
}

/** Values of one example by field, each of its field's size, and 1 where a value is there; both are filled by `TableFormat.read`. */
export interface RowValues {
  values: Readonly<Record<string, Float32Array>>;
  observed: Readonly<Record<string, Float32Array>>;
}

export interface TableFormat {
  /** Columns in the order of a row: those of the modeled vector, then the label. */
  readonly columns: readonly string[];
  /** How a file of such rows is written. */
  readonly delimiter: string;
  /** Fills in the values of a row; columns that the row lacks are missing. @returns why the row does not fit, if it does not */
  read(row: TableRow, into: RowValues): string | undefined;
  /** The cells of an example, of the columns of the fields that are given. Numbers are in the units of the table. */
  present(values: Readonly<Record<string, ArrayLike<number>>>): Record<string, string | number | null>;
}

/** What numbers that are given for a field are. */
export interface GivenNumbers {
  /** Number of the example, which keys a draw. */
  example: number;
  /** Whether they were bytes, 0 to 255. */
  bytes: boolean;
}

export interface Unseen {
  /** Of a table. */
  readonly table?: TableFormat;
  /** Changes values of a field, in the units of the data's files, in place to those that the model reads: scaled, binarized, dequantized. */
  prepare?(field: string, values: Float32Array, given: GivenNumbers): void;
}
