/**
 * Numbers in the cells of a table: optional sign, digits with a decimal mark, optional exponent, rounded to the nearest
 * double.
 */

export interface NumberFormat {
  decimal: "." | ",";
  /** Thousands separator; a space includes the no-break spaces. */
  thousands?: string;
}

const [PLUS, MINUS, ZERO, NINE, LOWER_E] = [0x2b, 0x2d, 0x30, 0x39, 0x65];
const LOWER = 0x20;
/**
 * Integers below this bound and powers of ten up to 10^22 are exact doubles, so their product or quotient rounds only once.
 */
const EXACT = 2 ** 53;
const POWERS = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

/**
 * Parses bytes [start, end), without thousands separators and surrounding space; NaN if they are not a number. Exact as in
 * Clinger 1990, "How to read floating point numbers accurately": by one operation, else by the parser of JavaScript.
 */
export const numberOfBytes = (bytes: Buffer, start: number, end: number, decimal: number): number => {
  let at = start;
  const sign = bytes[at];
  if (sign === PLUS || sign === MINUS) at++;
  let mantissa = 0;
  let power = 0;
  let digits = 0;
  for (let byte = bytes[at]!; at < end && byte >= ZERO && byte <= NINE; byte = bytes[++at]!, digits++)
    mantissa = mantissa * 10 + (byte - ZERO);
  if (at < end && bytes[at] === decimal) {
    at++;
    for (let byte = bytes[at]!; at < end && byte >= ZERO && byte <= NINE; byte = bytes[++at]!, digits++, power--)
      mantissa = mantissa * 10 + (byte - ZERO);
  }
  if (digits === 0) return Number.NaN;
  if (at < end && (bytes[at]! | LOWER) === LOWER_E) {
    at++;
    const negative = bytes[at] === MINUS;
    if (negative || bytes[at] === PLUS) at++;
    const first = at;
    let exponent = 0;
    for (let byte = bytes[at]!; at < end && byte >= ZERO && byte <= NINE; byte = bytes[++at]!)
      exponent = exponent * 10 + (byte - ZERO);
    if (at === first) return Number.NaN;
    power += negative ? -exponent : exponent;
  }
  if (at !== end) return Number.NaN;
  if (mantissa < EXACT && Math.abs(power) < POWERS.length) {
    const size = power < 0 ? mantissa / POWERS[-power]! : mantissa * POWERS[power]!;
    return sign === MINUS ? -size : size;
  }
  return Number(bytes.toString("latin1", start, end).replace(",", "."));
};

const escaped = (mark: string): string => (mark === " " ? "[ \\u00a0\\u202f]" : `\\${mark}`);

/** Parses a cell's text, with its thousands separators; undefined if it is not a number. */
export const numberOfText = ({ decimal, thousands }: NumberFormat): ((text: string) => number | undefined) => {
  const mark = escaped(decimal);
  const group = thousands === undefined ? "" : `|\\d{1,3}(?:${escaped(thousands)}\\d{3})+(?:${mark}\\d*)?`;
  const syntax = new RegExp(`^[+-]?(?:\\d+${mark}?\\d*|${mark}\\d+${group})(?:e[+-]?\\d+)?$`, "i");
  const separators = thousands === undefined ? undefined : new RegExp(escaped(thousands), "g");
  return (text) => {
    if (!syntax.test(text)) return undefined;
    return Number((separators ? text.replace(separators, "") : text).replace(decimal, "."));
  };
};
export type Parse = ReturnType<typeof numberOfText>;
