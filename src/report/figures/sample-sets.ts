/**
 * Controls: sets of examples whose standing is known beforehand, scored as samples are. A figure of samples means what it says
 * only beside them.
 */
import type { MeasurementKey, Measurements } from "../../contracts/measurement.js";
import type { SweepMetrics } from "../../storage/layout.js";
import { familyOf } from "./columns.js";
import { formatFigure } from "./numbers.js";
import { drawable } from "./values.js";

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

/** A control's measurement of the same figure, field and class; controls have no sets of samples. */
export const controlOf = (control: Measurements | undefined, { figure, field, class: of }: MeasurementKey) => {
  const family = familyOf({ figure, ...(field !== undefined && { field }) });
  return Object.values(control ?? {}).find((found) => familyOf(found) === family && found.class?.index === of?.index);
};

/**
 * The figure's controls. They depend on the data alone, so every trial scored on the same data has the same; where a sweep varies
 * the data, those of its first trial stand for none of the others and are left out.
 */
export const controlsOf = ({ points }: Pick<SweepMetrics, "points">, key: MeasurementKey): Control[] => {
  const told = points.flatMap(({ controls }) => (controls ? [controls] : []));
  const [first] = told;
  if (!first) return [];
  return Object.keys(first).flatMap((set) => {
    const found = controlOf(first[set], key);
    const same = told.every((controls) => controlOf(controls[set], key)?.value === found?.value);
    return same && drawable(found) ? [{ set, value: found.value, unit: found.unit }] : [];
  });
};

/** "Controls, scored alike: training examples 0.93, noise 0": one sentence, or nothing. */
export const sayControls = (controls: readonly Control[]): string =>
  controls.length === 0
    ? ""
    : `Controls, scored alike: ${controls.map(({ set, value, unit }) => `${controlTitle(set)} ${formatFigure(value, unit)}`).join(", ")}`;
