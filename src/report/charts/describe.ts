/** What every caption of a sweep owes its reader: seeds, intervals and their method, examples and importance samples. */
import type { SweepMetrics } from "../../storage/layout.js";
import { formatRange, plural } from "../figures/numbers.js";

export const describeSeeds = ({ groups, interval }: SweepMetrics): string => {
  const counts = formatRange(groups.map(({ seeds }) => seeds.length));
  const single = groups.filter(({ seeds }) => seeds.length < 2).length;
  if (single === groups.length) return "One seed a setting, so there is no interval";
  const without =
    single > 0 ? `; ${plural(single, "setting")} with one seed ${single === 1 ? "has" : "have"} none` : "";
  return `${counts} seeds a setting; ${interval}${without}`;
};

/** "n = 1000 examples, k = 500 samples an example". */
export const describeSamples = ({ points }: SweepMetrics, names: readonly string[]): string => {
  const figures = points
    .flatMap((point) => names.map((name) => point.figures[name]))
    .filter((figure) => figure !== undefined);
  const samples = figures.map(({ k }) => k).filter((k) => k !== undefined);
  return [
    `n = ${formatRange(figures.map(({ n }) => n))} examples`,
    samples.length > 0 && `k = ${formatRange(samples)} samples an example`,
  ]
    .filter(Boolean)
    .join(", ");
};
