/**
 * Figures of samples come in sets: "recall" is of draws from the prior, "recall/means" of their decoded means, and
 * "recall/gaussian-mixture" of draws at the codes of that sampler, fitted after training. A report keeps them apart.
 */
import type { SweepMetrics } from "../../storage/layout.js";
import { drawable, splitName } from "./names.js";
import { formatFigure } from "./numbers.js";

/** Names by their figure, in the order that they come in. */
export const byFigure = (names: readonly string[]): Map<string, { name: string; set: string }[]> => {
  const groups = new Map<string, { name: string; set: string }[]>();
  for (const name of names) {
    const { figure, set } = splitName(name);
    groups.set(figure, [...(groups.get(figure) ?? []), { name, set }]);
  }
  return groups;
};

export interface Control {
  set: string;
  value: number;
  unit: string;
}

/** Training examples scored as samples are: as good as data can be. */
export const CEILING = "train";
const CONTROL_TITLES: Readonly<Record<string, string>> = {
  train: "training examples",
  "one-class": "one class only",
  memorized: "memorized examples",
  collapsed: "a collapsed decoder",
};
export const controlTitle = (set: string): string => CONTROL_TITLES[set] ?? set.replaceAll("-", " ");

/**
 * The figure of sets whose standing is known beforehand. They hang on the data alone, so every trial that was scored on the same
 * data has the same; where a sweep varies the data, those of its first trial stand for none of the others and are left out.
 */
export const controlsOf = ({ points }: Pick<SweepMetrics, "points">, figure: string): Control[] => {
  const told = points.flatMap(({ controls }) => (controls ? [controls] : []));
  const [first] = told;
  if (!first) return [];
  const of = (controls: typeof first, set: string): number | null | undefined => controls[set]?.[figure]?.value;
  return Object.keys(first).flatMap((set) => {
    const found = first[set]?.[figure];
    const same = told.every((controls) => of(controls, set) === found?.value);
    return same && drawable(found) ? [{ set, value: found.value, unit: found.unit }] : [];
  });
};

/** "Controls: training examples 0.93, noise 0": one sentence, or nothing. */
export const sayControls = (controls: readonly Control[]): string =>
  controls.length === 0
    ? ""
    : `Controls, scored alike: ${controls.map(({ set, value, unit }) => `${controlTitle(set)} ${formatFigure(value, unit)}`).join(", ")}`;
