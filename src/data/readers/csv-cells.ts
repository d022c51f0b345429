/** Encodes the cells of a table as numbers: a number as itself, text as its code, a missing value as NaN. */
import { COUNTS_BELOW } from "../../tensor/mathematics.js";
import { notANumber, tooManyValues } from "./csv-kinds.js";
import { type NumberFormat, numberOfBytes, numberOfText } from "./csv-numbers.js";
import { type Counts, cellPlace, type Found, type Kind, mostValues, type Tally } from "./csv-tally.js";
import { damaged } from "./data-file.js";

/** Maximum number of distinct texts in all columns. More would fill the memory and cannot be categories. */
const MOST_TEXTS = 2_000_000;

/** Reason why a number does not fit the declared kind of its column. */
export const complaintOf = (declared: Kind | undefined, value: number): string | undefined => {
  if (declared === "binary" && value !== 0 && value !== 1) return "is neither 0 nor 1";
  if (declared === "count" && !(Number.isSafeInteger(value) && value >= 0)) return "is not a non-negative integer";
  if (declared === "count" && value >= COUNTS_BELOW) return "is too large: single precision holds counts below 2^24";
  if (declared === "positive" && !(Math.fround(value) > 0)) return "is not above 0";
  return undefined;
};

/** Overflows single precision. */
const isTooLarge = (value: number): boolean => !Number.isFinite(Math.fround(value));
const isStrange = (declared: Kind | undefined, value: number): boolean =>
  isTooLarge(value) || complaintOf(declared, value) !== undefined;

const ONE = 0x31;

/** One cell of a column. */
export type ReadCell = (tally: Tally, bytes: Buffer, start: number, end: number, row: number) => number;

export interface CellReaderOptions extends NumberFormat {
  /** Tokens that mark missing values. A numeric token matches its value in any notation. */
  missing: readonly string[];
}

/** @param counts updated in place */
export const cellReader = (file: string, options: CellReaderOptions, counts: Counts): ReadCell => {
  const { missing, decimal: mark } = options;
  const parse = numberOfText(options);
  const decimal = mark.charCodeAt(0);
  const tokens = new Set(missing.map((token) => token.trim()));
  const missingNumbers = new Set([...tokens].flatMap((token) => parse(token) ?? []));
  const emptyIsMissing = tokens.has("");
  let texts = 0;

  const nothing = (place: number): number => {
    counts.missing[place]!++;
    return Number.NaN;
  };
  /** Lazy, because decoding the cell's text is slow and seldom needed. */
  const remember = (tally: Tally, value: number, found: Found): void => {
    tally.firstNumber ??= found;
    const reason = complaintOf(tally.declared, value);
    if (reason !== undefined) throw damaged(cellPlace(found, tally), `${found.text} ${reason}`);
    if (isTooLarge(value)) tally.tooLarge ??= found;
  };
  const count = (place: number, value: number): number => {
    counts.numbers[place]!++;
    if (value < counts.low[place]!) counts.low[place] = value;
    if (value > counts.high[place]!) counts.high[place] = value;
    return value;
  };
  const codeOf = (tally: Tally, found: Found): number => {
    if (tally.declared !== undefined && tally.declared !== "categorical") throw notANumber(found, tally);
    counts.texts[tally.place]!++;
    tally.firstText ??= found;
    const codes = (tally.codes ??= new Map());
    const known = codes.get(found.text);
    if (known !== undefined) return known;
    if (codes.size === mostValues(tally)) throw tooManyValues(tally);
    if (++texts > MOST_TEXTS)
      throw damaged(file, `its text columns have more than ${MOST_TEXTS} distinct values`, {
        remedy: 'Declare columns "ignored".',
      });
    codes.set(found.text, codes.size);
    return codes.size - 1;
  };

  return (tally, bytes, start, end, row) => {
    if (start === end && emptyIsMissing) return nothing(tally.place);
    const isText = tally.declared === "categorical";
    const quick = isText ? Number.NaN : numberOfBytes(bytes, start, end, decimal);
    if (!Number.isNaN(quick)) {
      if (missingNumbers.size > 0 && missingNumbers.has(quick)) return nothing(tally.place);
      const isBit = end - start === 1 && bytes[start]! <= ONE;
      if (isBit) counts.bits[tally.place]!++;
      if (
        tally.firstNumber === undefined ||
        ((!isBit || tally.declared === "positive") && isStrange(tally.declared, quick))
      )
        remember(tally, quick, { text: bytes.toString("utf8", start, end), file, row });
      return count(tally.place, quick);
    }
    const text = bytes.toString("utf8", start, end).trim();
    if (tokens.has(text)) return nothing(tally.place);
    const value = isText && missingNumbers.size === 0 ? undefined : parse(text);
    if (value !== undefined && missingNumbers.has(value)) return nothing(tally.place);
    if (isText || value === undefined) return codeOf(tally, { text, file, row });
    remember(tally, value, { text, file, row });
    return count(tally.place, value);
  };
};
