/** Statistics of a column during reading: counts of numbers, texts and missing cells, and the first of each. */

/** A cell, for error messages. */
export interface Found {
  text: string;
  file: string;
  row: number;
}
export type Kind = "numeric" | "positive" | "binary" | "categorical" | "count";

/** A kept column with its first number and first text. */
export interface Tally {
  readonly name: string;
  /** File name for error messages. */
  readonly file: string;
  /** Index among the kept columns. */
  readonly place: number;
  /** "categorical" for the label. */
  readonly declared: Kind | undefined;
  readonly isLabel: boolean;
  firstNumber: Found | undefined;
  firstText: Found | undefined;
  /** A number that overflows single precision. */
  tooLarge: Found | undefined;
  /** Code of each distinct text; cells hold the codes. */
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

/** Counts of cells by column. Typed arrays, because tables have many cells. */
export interface Counts {
  readonly numbers: Uint32Array;
  readonly texts: Uint32Array;
  readonly missing: Uint32Array;
  /** Numbers written as 0 or 1. */
  readonly bits: Uint32Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** @param columns number of kept columns */
export const newCounts = (columns: number): Counts => ({
  numbers: new Uint32Array(columns),
  texts: new Uint32Array(columns),
  missing: new Uint32Array(columns),
  bits: new Uint32Array(columns),
  low: new Float64Array(columns).fill(Number.POSITIVE_INFINITY),
  high: new Float64Array(columns).fill(Number.NEGATIVE_INFINITY),
});

/** A column after all of its cells are read. */
export type Counted = Tally & { readonly [count in keyof Counts]: number };
/** Explicit fields, because a spread is several times slower and a table may have 100,000 columns. */
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

/** Place of a cell, for error messages. */
export const cellPlace = ({ file, row }: Found, { name }: Tally): string =>
  `${file} row ${row}, column ${JSON.stringify(name)}`;
export const columnPlace = ({ file, name }: Tally): string => `${file} column ${JSON.stringify(name)}`;

/** Maximum number of categories or classes. Columns with more hold something else, such as names of examples. */
export const mostValues = ({ isLabel }: Tally): number => (isLabel ? 65_536 : 256);
