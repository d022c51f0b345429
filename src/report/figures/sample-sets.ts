/**
 * Controls: sets of examples of known quality, scored like samples. Figures of samples are meaningful only relative to them.
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

/** Training examples scored like samples: the upper limit. */
export const CEILING = "train";
const CONTROL_TITLES: Readonly<Record<string, string>> = {
  train: "training examples",
  "one-class": "a single class",
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
 * Controls of the figure. They depend only on the data, so all trials on the same data share them. If a sweep varies the
 * data, the controls of its first trial do not apply to others and are dropped.
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

/** "Controls, scored the same way: training examples 0.93, noise 0": one sentence, or nothing. */
export const sayControls = (controls: readonly Control[]): string =>
  controls.length === 0
    ? ""
    : `Controls, scored the same way: ${controls.map(({ set, value, unit }) => `${controlTitle(set)} ${formatFigure(value, unit)}`).join(", ")}`;
