/** Value of a measurement: whether it can be drawn, its mark, and its note. */
import type { Measurement } from "../../contracts/measurement.js";
import type { Column } from "./columns.js";
import { formatFigure } from "./numbers.js";

type Bound = Measurement["bound"];

/** "≤ " before an upper bound, "≥ " before a lower one. */
export const boundMark = (bound: Bound, space = " "): string =>
  bound === undefined ? "" : `${bound === "upper" ? "≤" : "≥"}${space}`;

/** Why the value is null, or how to read it. */
export const noteOf = ({ value, note }: Measurement): string => note ?? (value === null ? "no reason was given" : "");

/** Whether the value is a number that can be drawn. */
export const drawable = (found: Measurement | undefined): found is Measurement & { value: number } =>
  found !== undefined && found.value !== null && Number.isFinite(found.value);

export const valueText = ({ value, unit, bound }: Measurement, space?: string): string =>
  value === null ? "null" : `${boundMark(bound, space)}${formatFigure(value, unit)}`;

/** What the marks in a table mean, one sentence per kind of bound. @param boundOf the bound of a column, if it has one */
export const boundMeanings = (columns: readonly Column[], boundOf: (column: Column) => Bound): string[] => {
  const meanings = columns.flatMap((column) => {
    const bound = boundOf(column);
    if (bound === undefined) return [];
    const because = column.figure.bound;
    return [
      `${boundMark(bound)}marks ${bound === "upper" ? "an upper" : "a lower"} bound${because ? `: ${because}` : ""}`,
    ];
  });
  return [...new Set(meanings)];
};
