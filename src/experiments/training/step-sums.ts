/** What the steps of an epoch logged, summed under the keys that state.json has, and the means. */
import type { LoggedFigure } from "../../contracts/logged-figure.js";
import type { LoggedValue } from "./logged-figures.js";
import type { TrainingState } from "./training-state.js";

type Sums = Pick<TrainingState, "sums" | "summed">;

export const addToSums = (state: Sums, values: readonly LoggedValue[]): void => {
  for (const { key, data } of values) {
    const sums = (state.sums[key] ??= Array.from({ length: data.length }, () => 0));
    for (let i = 0; i < data.length; i++) sums[i]! += data[i]!;
  }
  state.summed++;
};

export interface EpochMean {
  figure: LoggedFigure;
  /** By dimension; one value of a scalar. */
  means: readonly number[];
}

/**
 * Sorted by key: a checkpoint in mid-epoch keeps no order.
 * @param figures by key. Sums without a figure are of terms that an older version logged, and have no mean.
 */
export const meansOf = ({ sums, summed }: Sums, figures: ReadonlyMap<string, LoggedFigure>): EpochMean[] =>
  Object.entries(sums)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, values]) => {
      const figure = figures.get(key);
      return figure ? [{ figure, means: values.map((sum) => sum / summed) }] : [];
    });
