/** A comparison as plain text: differences of specs, then every figure with its differences. */
import { ARROWS_MEANING, directedUnit } from "../figures/columns.js";
import { align, joinLines, rule } from "../tables/align.js";
import { differenceText, pairsOf, spreadMeaning, valueText } from "./cells.js";
import type { Comparison } from "./compare.js";

const table = (head: readonly string[], rows: readonly (readonly string[])[], left: readonly number[]): string[] => {
  const lines = align([head, ...rows], new Set(left));
  return [lines[0] ?? "", rule(lines), ...lines.slice(1)];
};

const specLines = ({ spec, subjects }: Comparison): string[] =>
  spec.length === 0
    ? ["the specs are identical"]
    : table(
        ["spec", ...subjects.map(({ label }) => label)],
        spec.map(({ path, values }) => [path, ...values]),
        subjects.map((_, i) => i).concat(subjects.length),
      );

const figureLines = (comparison: Comparison): string[] => {
  const { subjects, settings } = comparison;
  const [first, ...others] = subjects.map(({ label }) => label);
  const bySetting = settings.length > 1;
  const head = [
    ...(bySetting ? ["setting"] : []),
    "figure",
    "unit",
    ...subjects.map(({ label }) => label),
    ...(others.length === 1 ? ["second - first"] : others.map((other) => `${other} - ${first}`)),
    "pairs",
  ];
  const rows = settings.flatMap(({ setting, figures }) =>
    figures.map((figure) => {
      const { column, values, differences } = figure;
      return [
        ...(bySetting ? [setting] : []),
        column.title,
        directedUnit(column),
        ...values.map((value) => valueText(value, column.unit)),
        ...differences.map((difference) => differenceText(difference, column.unit)),
        pairsOf(figure),
      ];
    }),
  );
  return table(head, rows, bySetting ? [0, 1, 2] : [0, 1]);
};

export const formatComparison = (comparison: Comparison): string =>
  joinLines([
    ...specLines(comparison),
    "",
    ...figureLines(comparison),
    "",
    `${spreadMeaning(comparison)}; ${comparison.method}`,
    ARROWS_MEANING,
    ...comparison.notPaired.map((reason) => `not paired: ${reason}`),
  ]);
