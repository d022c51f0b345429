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
  readonly decimal: "." | ",";
  /** Fills in the values of a row; columns that the row lacks are missing. @returns why the row does not fit, if it does not */
  read(row: TableRow, into: RowValues): string | undefined;
  /**
   * The cells of an example, of the columns of the fields that are given. Numbers are in the units of the table.
   * @param observed masks by field: cells whose values are there are left out
   */
  present(
    values: Readonly<Record<string, ArrayLike<number>>>,
    observed?: Readonly<Record<string, ArrayLike<number>>>,
  ): Record<string, string | number | null>;
}

/** A row of a file, as a spreadsheet counts rows. */
export interface NumberedRow {
  number: number;
  cells: TableRow;
  /** Why it is no row of the table: it has too many cells, say. */
  complaint?: string;
}
/** A file of examples, in the order of the file. */
export type ExampleFile =
  | {
      kind: "table";
      /** The names in its header. */
      columns(): readonly string[];
      /** Rows, some at a time. `done` is the share of the file that was read. @throws DATA for a file that is no table */
      rows(): Iterable<{ rows: readonly NumberedRow[]; done: number }>;
    }
  | {
      kind: "values";
      count: number;
      bytes: boolean;
      /** Values of examples in the shape of the field, NaN for missing ones. @throws DATA with row and element */
      read(start: number, count: number): Promise<Float32Array>;
    };

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
  /** Opens a file of examples. @throws DATA for a file that cannot be read, or whose examples have another shape */
  open?(path: string): ExampleFile;
}
