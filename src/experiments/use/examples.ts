/** Examples that a caller hands over, as the fields that a model reads: prepared as the run's own were, with masks of what is missing. */
import type { TableRow, Unseen } from "../../contracts/unseen.js";
import { VaelabError } from "../../errors.js";
import { suggest } from "../../registry/reading/nearest.js";
import { isObject } from "../../storage/json.js";
import { type FieldSchema, type FieldSchemas, sizeOf } from "../../tensor/fields.js";
import { classCode } from "../evaluation/class-code.js";
import { type Numbers, rowMajor } from "./numbers.js";

/**
 * Values of the modeled field alone; values by field; or rows of a table by column name. NaN and null are missing values. Classes are
 * named, or given by their codes.
 */
export type Examples = Numbers | Readonly<Record<string, Numbers>> | readonly TableRow[];

export interface PreparedExamples {
  count: number;
  /** Row-major, by field. */
  fields: Readonly<Record<string, Float32Array>>;
  /** Masks of the fields of which something is missing: 1 where a value is there. */
  observed: Readonly<Record<string, Float32Array>>;
}

export interface ExampleOptions {
  fields: FieldSchemas;
  modeled: string;
  unseen: Unseen;
}

const refuse = (where: string, message: string, remedy: string): VaelabError =>
  new VaelabError("USAGE", { where, message, remedy });

/** Why a value lies outside the support of its field. */
const faultOf = ({ support, classes = 0 }: FieldSchema, value: number): string | undefined => {
  if (!Number.isFinite(value)) return "is not finite";
  if (support === "binary") return value === 0 || value === 1 ? undefined : "is neither 0 nor 1";
  if (support === "unit") return value >= 0 && value <= 1 ? undefined : "is outside [0, 1]";
  if (support === "positive") return value > 0 ? undefined : "is not above 0";
  if (support === "count") return Number.isInteger(value) && value >= 0 ? undefined : "is not a non-negative integer";
  if (support === "one-hot") return value === 0 || value === 1 ? undefined : "is neither 0 nor 1";
  if (support !== "categorical") return undefined;
  return Number.isInteger(value) && value >= 0 && value < classes ? undefined : `is no code of ${classes} classes`;
};
/** What stands for a missing value: it lies in the support. */
const fillOf = ({ support }: FieldSchema): number => (support === "positive" ? 1 : 0);

interface Column {
  values: Float32Array;
  /** Undefined where nothing is missing. */
  mask: Float32Array | undefined;
}

/** Where numbers come from. */
interface Origin {
  name: string;
  /** Number of the first example. */
  first: number;
  bytes: boolean;
  /** What an example is called in an error: "x[3]", "file.npy row 3". */
  placeOf(example: number): string;
}

/**
 * Prepares values of a field in place, NaN for missing ones.
 * @returns 1 where a value is there, or undefined if all are. @throws USAGE, DATA for a value outside the support of its field
 */
export const prepareValues = (
  data: Float32Array,
  field: FieldSchema,
  unseen: Unseen,
  { name, first, bytes, placeOf }: Origin,
): Float32Array | undefined => {
  const width = sizeOf(field.shape);
  const mask = data.some(Number.isNaN) ? data.map((value) => Number(!Number.isNaN(value))) : undefined;
  if (mask) for (let i = 0; i < data.length; i++) if (mask[i] === 0) data[i] = fillOf(field);
  if (unseen.prepare && field.kind !== "label")
    for (let row = 0; row * width < data.length; row++)
      unseen.prepare(name, data.subarray(row * width, (row + 1) * width), { example: first + row, bytes });
  const bad = data.findIndex((value) => faultOf(field, value) !== undefined);
  if (bad >= 0)
    throw refuse(
      placeOf(first + Math.floor(bad / width)),
      `the value ${data[bad]} at element ${bad % width} ${faultOf(field, data[bad]!)}`,
      "Prepare the values as the data of the run were, and give NaN for a missing one.",
    );
  return mask;
};

const columnOf = (name: string, field: FieldSchema, given: Numbers, unseen: Unseen): Column & { count: number } => {
  const { count, data, bytes } = rowMajor(given, field.shape, name, (text, where) =>
    field.support === "categorical" ? classCode(text, name, field, where) : refuseText(text, where),
  );
  const mask = prepareValues(data, field, unseen, { name, first: 0, bytes, placeOf: (row) => `${name}[${row}]` });
  return { count, values: data, mask };
};
const refuseText = (text: string, where: string): never => {
  throw refuse(where, `${JSON.stringify(text)} is text`, "Give numbers, or rows of a table by column name.");
};

const isRows = (given: Examples): given is readonly TableRow[] =>
  Array.isArray(given) && isObject(given[0]) && !ArrayBuffer.isView(given[0]);
const isByField = (given: Examples): given is Readonly<Record<string, Numbers>> =>
  isObject(given) && !ArrayBuffer.isView(given) && !("shape" in given && "data" in given);

/** Where the rows of a table are collected. */
export interface RowCollector {
  /** @returns why the row does not fit; it is then left out */
  add(row: TableRow): string | undefined;
  take(): PreparedExamples;
}

/** @param capacity rows that it takes at most. @throws USAGE where the run's data are no table */
export const collectRows = ({ fields, modeled, unseen: { table } }: ExampleOptions, capacity: number): RowCollector => {
  if (!table)
    throw refuse("examples", "the data of the run are no table", `Give the values of the field "${modeled}".`);
  const present = Object.entries(fields);
  const make = (): Record<string, Float32Array> =>
    Object.fromEntries(present.map(([name, { shape }]) => [name, new Float32Array(sizeOf(shape) * capacity)]));
  const [values, observed] = [make(), make()];
  let count = 0;
  const at = (all: Record<string, Float32Array>): Record<string, Float32Array> =>
    Object.fromEntries(
      present.map(([name, { shape }]) => [
        name,
        all[name]!.subarray(count * sizeOf(shape), (count + 1) * sizeOf(shape)),
      ]),
    );
  return {
    add: (row) => {
      const complaint = table.read(row, { values: at(values), observed: at(observed) });
      if (complaint === undefined) count++;
      return complaint;
    },
    take: () => {
      const cut = (all: Record<string, Float32Array>): [string, Float32Array][] =>
        present.map(([name, { shape }]) => [name, all[name]!.slice(0, count * sizeOf(shape))]);
      const masks = cut(observed).filter(([, mask]) => mask.includes(0));
      const made = { count, fields: Object.fromEntries(cut(values)), observed: Object.fromEntries(masks) };
      count = 0;
      return made;
    },
  };
};

const ofRows = (rows: readonly TableRow[], options: ExampleOptions): PreparedExamples => {
  const { table } = options.unseen;
  const collector = collectRows(options, rows.length);
  for (const [i, row] of rows.entries()) {
    for (const column of Object.keys(row))
      if (!table?.columns.includes(column))
        throw refuse(
          `row ${i}`,
          `the table has no column ${JSON.stringify(column)}`,
          suggest(column, table?.columns ?? []),
        );
    const complaint = collector.add(row);
    if (complaint !== undefined)
      throw refuse(`row ${i}`, complaint, "Correct the row; null stands for a missing value.");
  }
  return collector.take();
};

/**
 * @param given fields that the model does not read are refused; of those that are not given, every value is missing
 * @throws USAGE for values that do not fit their field, with field and example
 */
export const prepareExamples = (given: Examples, options: ExampleOptions): PreparedExamples => {
  const { fields, modeled, unseen } = options;
  if (isRows(given)) return ofRows(given, options);
  const byField = isByField(given) ? given : { [modeled]: given };
  const columns: Record<string, Column> = {};
  let count: number | undefined;
  for (const [name, numbers] of Object.entries(byField)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!field)
      throw refuse(name, `the model has no field ${JSON.stringify(name)}`, suggest(name, Object.keys(fields)));
    const column = columnOf(name, field, numbers, unseen);
    if (count !== undefined && count !== column.count)
      throw refuse(
        name,
        `${column.count} examples are given, but ${count} of the field before`,
        "Give as many of each.",
      );
    count = column.count;
    columns[name] = column;
  }
  if (count === undefined) throw refuse("examples", "no field is given", suggest("", Object.keys(fields)));
  if (count === 0) throw refuse("examples", "there are no examples", "Give at least one.");
  return completed(count, columns, fields);
};

/** Adds the fields that are not given, with every value missing. */
export const completed = (
  count: number,
  given: Readonly<Record<string, Column>>,
  fields: FieldSchemas,
): PreparedExamples => {
  const all = Object.entries(fields).map(([name, field]): [string, Column] => {
    const size = count * sizeOf(field.shape);
    return [name, given[name] ?? { values: new Float32Array(size).fill(fillOf(field)), mask: new Float32Array(size) }];
  });
  return {
    count,
    fields: Object.fromEntries(all.map(([name, { values }]) => [name, values])),
    observed: Object.fromEntries(all.flatMap(([name, { mask }]) => (mask ? [[name, mask]] : []))),
  };
};
