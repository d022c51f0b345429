/** What the steps of an epoch logged, summed under the keys that state.json has, and the means. */
import type { LoggedFigure } from "../../contracts/logged-figure.js";
import type { Phase } from "../../contracts/objective.js";
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

/** Steps from `start` to before `end` at which a phase runs. */
export const timesDue = ({ every }: Pick<Phase, "every">, start: number, end: number): number =>
  Math.ceil(end / every) - Math.ceil(start / every);

/**
 * Means over the steps at which the phase of a figure ran. Sorted by key: a checkpoint in mid-epoch keeps no order.
 * @param figures by key. Sums without a figure are of terms that an older version logged, and have no mean.
 */
export const meansOf = (
  { sums, summed, step }: Sums & Pick<TrainingState, "step">,
  figures: ReadonlyMap<string, LoggedFigure>,
  phases: readonly Pick<Phase, "name" | "every">[],
): EpochMean[] => {
  const timesOf = ({ phase }: LoggedFigure): number => {
    const own = phases.find(({ name }) => name === phase);
    return own ? timesDue(own, step - summed, step) : summed;
  };
  return Object.entries(sums)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, values]) => {
      const figure = figures.get(key);
      return figure ? [{ figure, means: values.map((sum) => sum / timesOf(figure)) }] : [];
    });
};
