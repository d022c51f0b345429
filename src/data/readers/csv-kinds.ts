/**
 * Infers the kind of each undeclared column from all of its known cells: only 0 and 1 make it binary, only numbers numeric,
 * only text categorical. Ambiguous columns are refused with a remedy rather than guessed: mixed numbers and text, numbers in
 * another notation, dates, and text whose values are nearly all distinct. A count must be declared.
 */
import type { VaelabError } from "../../errors.js";
import { type Counted, cellPlace, columnPlace, type Found, type Kind, mostValues, type Tally } from "./csv-tally.js";
import { damaged } from "./data-file.js";

const NUMBER = "[+-]?(?:\\d+[.,]?\\d*|[.,]\\d+)(?:e[+-]?\\d+)?";
const GROUPED = /^[+-]?\d{1,3}(?:([.,'_ \u00a0\u202f])\d{3})(?:\1\d{3})*(?:[.,]\d+)?$/;
const anything = (pattern: string): RegExp => new RegExp(pattern, "i");

/** Numbers and times in other notations, each with its remedy. */
const NOTATIONS: readonly [RegExp, remedy: string][] = [
  [/^[+-]?\d*,\d+(e[+-]?\d+)?$/i, 'If the comma is a decimal mark, set "decimal": ",".'],
  [/^[+-]?\d*\.\d+(e[+-]?\d+)?$/i, 'If the point is a decimal mark, set "decimal": ".".'],
  [anything(`^${NUMBER} ?%$`), "Write numbers without the percent sign."],
  [anything(`^[$€£¥] ?${NUMBER}$|^${NUMBER} ?[$€£¥]$`), "Write numbers without the currency sign."],
  [anything(`^[\\u2010-\\u2015\\u2212]${NUMBER}$`), 'Write the minus sign as "-".'],
  [anything(`^\\(${NUMBER}\\)$`), 'Write negative numbers with "-".'],
  [/^[+-]?inf(inity)?$/i, "Infinities cannot be modeled: list them in `missing`, or write a number."],
  [/^\d{1,4}([-/.])\d{1,2}\1\d{1,4}([T ].*)?$/, "Write dates as numbers, such as days since the first."],
  [anything(`^${NUMBER}(?: ${NUMBER})+$`), 'If spaces separate columns, set "delimiter": " ".'],
  [/^\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[ap]m)?$/i, "Write times as numbers, such as seconds."],
];

/** Remedy for a number in another notation; undefined for other text. */
const notationRemedy = (text: string): string | undefined => {
  const mark = GROUPED.exec(text)?.[1];
  const separator = mark && /\s/.test(mark) ? " " : mark;
  const thousands = separator && `If "${separator}" separates thousands, set "thousands": "${separator}".`;
  const other = NOTATIONS.find(([pattern]) => pattern.test(text))?.[1];
  return thousands && other ? `${thousands} ${other}` : thousands || other;
};

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;
const OTHERWISE = 'Otherwise declare the column "categorical" or "ignored".';

/** Error for text in a column that is declared numeric. */
export const notANumber = (found: Found, tally: Tally): VaelabError => {
  const remedy = notationRemedy(found.text) ?? "Correct it, or list it in `missing`.";
  return damaged(cellPlace(found, tally), `${JSON.stringify(found.text)} is not a number`, { remedy });
};

/** Error for more distinct texts than categories can have. */
export const tooManyValues = (tally: Tally): VaelabError => {
  const most = mostValues(tally);
  const message = `it has more than ${most} distinct values; at most ${most} can be ${tally.isLabel ? "classes" : "categories"}`;
  const remedy = notationRemedy(tally.firstText!.text) ?? 'If it identifies the examples, declare it "ignored".';
  return damaged(columnPlace(tally), message, { remedy });
};

/** Error for a mixed column; it blames the minority of numbers or text. */
const mixed = (tally: Counted): VaelabError => {
  const { numbers, texts, firstNumber, firstText } = tally;
  const present = `the ${count(numbers + texts, "value")} of the column`;
  if (numbers * 10 < texts) {
    const message = `${JSON.stringify(firstNumber!.text)} is a number, but ${texts} of ${present} are not`;
    const remedy = 'Correct it, or declare the column "categorical" or "ignored".';
    return damaged(cellPlace(firstNumber!, tally), message, { remedy });
  }
  const message = `${JSON.stringify(firstText!.text)} is not a number, but ${numbers} of ${present} are`;
  const remedy = `${notationRemedy(firstText!.text) ?? "Correct it, or list it in `missing`."} ${OTHERWISE}`;
  return damaged(cellPlace(firstText!, tally), message, { remedy });
};

/** Columns with at most so many distinct values may be categories even if all values differ. */
const FEW = 10;

const refuseStrangeText = (tally: Counted): void => {
  const { texts, firstText } = tally;
  const values = [...tally.codes!.keys()];
  const notations = values.flatMap((text) => notationRemedy(text) ?? []);
  if (tally.declared === undefined && notations.length * 2 > values.length) {
    const message = `${JSON.stringify(firstText!.text)} is not a number`;
    throw damaged(cellPlace(firstText!, tally), message, {
      remedy: `${notationRemedy(firstText!.text) ?? notations[0]} ${OTHERWISE}`,
    });
  }
  if (values.length <= FEW || values.length * 2 <= texts) return;
  const message = `${values.length} of its ${texts} values are distinct; the first is ${JSON.stringify(firstText!.text)}`;
  const remedy = tally.isLabel
    ? 'Choose another column as label, or declare this one "categorical" if these are its classes.'
    : 'Declare it "ignored" if it identifies the examples, or "categorical" if these are its categories.';
  throw damaged(columnPlace(tally), message, { remedy });
};

/** "1" and "1.0" would be two categories. */
const refuseEqualNumbers = (tally: Tally, parse: (text: string) => number | undefined): void => {
  const texts = new Map<number, string>();
  for (const text of tally.codes!.keys()) {
    const value = parse(text);
    if (value === undefined) continue;
    const other = texts.get(value);
    texts.set(value, text);
    if (other === undefined) continue;
    const message = `${JSON.stringify(other)} and ${JSON.stringify(text)} are the same number but would become two categories`;
    throw damaged(columnPlace(tally), message, { remedy: "Write the number the same way in every row." });
  }
};

/**
 * @param isCertain whether the spec declares the column categorical, which allows any values
 * @throws DATA with the row, the value and a remedy
 */
export const kindOf = (
  tally: Counted,
  { isCertain, parse }: { isCertain: boolean; parse: (text: string) => number | undefined },
): Kind => {
  const { declared, numbers, texts, bits, tooLarge } = tally;
  if (numbers + texts === 0) {
    const remedy = tally.isLabel ? "Choose another column as label." : 'Declare it "ignored".';
    throw damaged(columnPlace(tally), "every value is missing", { remedy });
  }
  if (numbers > 0 && texts > 0) throw mixed(tally);
  if (texts > 0) {
    if (!isCertain) refuseStrangeText(tally);
    refuseEqualNumbers(tally, parse);
    return "categorical";
  }
  if (tooLarge) throw damaged(cellPlace(tooLarge, tally), `${tooLarge.text} is too large`);
  return declared ?? (bits === numbers ? "binary" : "numeric");
};
