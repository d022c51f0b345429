/** What is known of a column while its table is read: how many of its cells are numbers, text or missing, and which come first. */

/** A cell, for messages. */
export interface Found {
  text: string;
  file: string;
  row: number;
}
export type Kind = "numeric" | "binary" | "categorical" | "count";

/** A column that is kept, and what is met of it first. */
export interface Tally {
  readonly name: string;
  /** Of the file, for messages. */
  readonly file: string;
  /** Its place among the columns that are kept. */
  readonly place: number;
  /** Of a label, "categorical". */
  readonly declared: Kind | undefined;
  readonly isLabel: boolean;
  firstNumber: Found | undefined;
  firstText: Found | undefined;
  /** A number beyond single precision. */
  tooLarge: Found | undefined;
  /** The distinct texts, each with its code: cells hold the codes. */
  codes: Map<string, number> | undefined;
}

export const newTally = (
  name: string,
  file: string,
  place: number,
  declared: Kind | undefined,
  isLabel: boolean,
): Tally => ({
  name,
  file,
  place,
  declared,
  isLabel,
  firstNumber: undefined,
  firstText: undefined,
  tooLarge: undefined,
  codes: undefined,
});

/** How many cells of each column are what, by its place: they are counted in arrays because a table has many cells. */
export interface Counts {
  readonly numbers: Uint32Array;
  readonly texts: Uint32Array;
  readonly missing: Uint32Array;
  /** Of the numbers, those that are written 0 or 1. */
  readonly bits: Uint32Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** @param columns that are kept */
export const newCounts = (columns: number): Counts => ({
  numbers: new Uint32Array(columns),
  texts: new Uint32Array(columns),
  missing: new Uint32Array(columns),
  bits: new Uint32Array(columns),
  low: new Float64Array(columns).fill(Number.POSITIVE_INFINITY),
  high: new Float64Array(columns).fill(Number.NEGATIVE_INFINITY),
});

/** A column whose cells are all read. */
export type Counted = Tally & { readonly [count in keyof Counts]: number };
/** Each field by its name: a spread takes several times as long, and a table may have 100,000 columns. */
export const countedOf = (tally: Tally, { numbers, texts, missing, bits, low, high }: Counts): Counted => {
  const { name, file, place, declared, isLabel, firstNumber, firstText, tooLarge, codes } = tally;
  return {
    name,
    file,
    place,
    declared,
    isLabel,
    firstNumber,
    firstText,
    tooLarge,
    codes,
    numbers: numbers[place]!,
    texts: texts[place]!,
    missing: missing[place]!,
    bits: bits[place]!,
    low: low[place]!,
    high: high[place]!,
  };
};

/** Of a cell, for messages. */
export const cellPlace = ({ file, row }: Found, { name }: Tally): string =>
  `${file} row ${row}, column ${JSON.stringify(name)}`;
export const columnPlace = ({ file, name }: Tally): string => `${file} column ${JSON.stringify(name)}`;

/** More categories of a column of the vector, or classes of a label, are something else, such as names of the examples. */
export const mostValues = ({ isLabel }: Tally): number => (isLabel ? 65_536 : 256);
