/** Formats the numbers of a comparison for terminal and page. */
import type { Interval } from "../../numerics/statistics.js";
import type { Column } from "../figures/columns.js";
import { formatError, formatFigure } from "../figures/numbers.js";
import { boundMark } from "../figures/values.js";
import type { Comparison } from "./compare.js";
import type { FigureComparison, Value } from "./differences.js";

export const valueText = (value: Value | null, unit: string): string => {
  if (!value) return "-";
  const spread = formatError(value.spread).replace(/^./, " ± $&");
  return `${boundMark(value.bound)}${formatFigure(value.value, unit)}${spread}`;
};

const signed = (text: string): string => (/^-/.test(text) ? text : `+${text}`);

/** "+0.42, from +0.10 to +0.74", with as many decimals as the interval supports. */
export const differenceText = (difference: Interval | null, unit: string): string => {
  if (!difference) return "-";
  const { mean, low, high } = difference;
  if (low === null || high === null) return signed(formatFigure(mean, unit));
  const decimals = formatError((high - low) / 2).split(".")[1]?.length ?? 0;
  const [middle, from, to] = [mean, low, high].map((value) => signed(value.toFixed(Math.min(decimals, 6))));
  return `${middle}, from ${from} to ${to}`;
};

/** The interval lies on one side of 0. */
export const isDecided = (difference: Interval | null): boolean =>
  difference !== null && difference.low !== null && difference.high !== null && difference.low * difference.high > 0;

/** "better" or "worse" where the interval lies on one side of 0 and one direction of the figure is better; else "". */
export const verdict = (difference: Interval | null, { figure: { better } }: Column): "better" | "worse" | "" => {
  if (!difference || !isDecided(difference) || better === "neither") return "";
  return difference.mean > 0 === (better === "higher") ? "better" : "worse";
};

export const spreadMeaning = ({ kind }: Comparison): string =>
  kind === "run" ? "± is the standard error over examples" : "± is half the 95 % Student t interval over seeds";

/** What was paired: examples or seeds, one number where all differences have the same. */
export const pairsOf = ({ differences }: FigureComparison): string =>
  [...new Set(differences.flatMap((difference) => (difference ? [difference.n] : [])))].join(", ");
