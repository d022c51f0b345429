/** Statistics for captions of a sweep: seeds, intervals and their method, examples and importance samples. */
import type { SweepMetrics } from "../../storage/layout.js";
import type { Column } from "../figures/columns.js";
import { formatRange, plural } from "../figures/numbers.js";

export const describeSeeds = ({ groups, interval }: SweepMetrics): string => {
  const counts = formatRange(groups.map(({ seeds }) => seeds.length));
  const single = groups.filter(({ seeds }) => seeds.length < 2).length;
  if (single === groups.length) return "One seed per setting, so there is no interval";
  const without =
    single > 0 ? `; ${plural(single, "setting")} with one seed ${single === 1 ? "has" : "have"} no interval` : "";
  return `${counts} seeds per setting; ${interval}${without}`;
};

/** "n = 1000 examples, k = 500 importance samples per example". */
export const describeSamples = ({ points }: SweepMetrics, columns: readonly Column[]): string => {
  const found = columns.flatMap(({ name, figure }) =>
    points.flatMap(({ measurements }) => {
      const own = measurements[name];
      return own ? [{ n: own.n, k: own.k, counts: figure.k ?? "" }] : [];
    }),
  );
  const ks = [...new Set(found.map(({ counts }) => counts))].flatMap((counts) => {
    const values = found.flatMap((own) => (own.counts === counts ? (own.k ?? []) : []));
    return values.length > 0 ? [`k = ${formatRange(values)} ${counts}`.trim()] : [];
  });
  return [`n = ${formatRange(found.map(({ n }) => n))} examples`, ...ks].join(", ");
};
