/**
 * The planes that a sweep's metrics declare: rate against distortion (Alemi et al. 2018), fidelity against diversity of
 * samples. One plane per pair of figures; for figures of samples one per set that has both, with controls.
 */

import type {
  MeasurementKey,
  PlaneAxisDefinition,
  PlaneDefinition,
  SampleSource,
} from "../../contracts/measurement.js";
import { extentOf, minimum } from "../../numerics/lists.js";
import type { SweepMetrics } from "../../storage/layout.js";
import { type Column, familyOf, setTitle } from "../figures/columns.js";
import { capitalized, formatFigure } from "../figures/numbers.js";
import type { Place } from "../figures/pareto.js";
import { CEILING, controlsOf, controlTitle } from "../figures/sample-sets.js";
import type { Settings } from "../figures/settings.js";
import { drawable } from "../figures/values.js";
import { sweepColumns } from "../tables/rows.js";
import type { Chart } from "./chart.js";
import { planeChart } from "./plane.js";
import type { Mark, Reference } from "./plane-layers.js";
import type { PlaneAxis } from "./plane-points.js";

const SIZE = { width: 520, height: 370 };
const round = (value: number): number => Number(value.toPrecision(12));

/** The line x + y = smallest sum, within the range of the points; none if it lies outside. */
const equalSum =
  ({ title, sign }: NonNullable<PlaneDefinition["equalSum"]>, unit: string) =>
  (means: readonly Place[]): Reference[] => {
    const sum = minimum(means.map(({ x, y }) => x + y));
    const [leastX, mostX] = extentOf(means.map(({ x }) => x));
    const [leastY, mostY] = extentOf(means.map(({ y }) => y));
    const [start, end] = [Math.max(leastX, sum - mostY), Math.min(mostX, sum - leastY)];
    const points = [start, end].map((x) => ({ x: round(x), y: round(sum - x) }));
    return end > start ? [{ label: `${title}, ${formatFigure(sign * sum, unit)}`, points }] : [];
  };

const controlMarks = (metrics: SweepMetrics, x: Column, y: Column): Mark[] => {
  const across = new Map(controlsOf(metrics, x.key).map(({ set, value }) => [set, value]));
  return controlsOf(metrics, y.key).flatMap(({ set, value }) => {
    const place = across.get(set);
    return place === undefined ? [] : [{ label: controlTitle(set), x: place, y: value, ceiling: set === CEILING }];
  });
};

const axisOf = (column: Column, { role, better }: PlaneAxisDefinition): PlaneAxis => {
  const { title, unit, better: own } = column.figure;
  return {
    column,
    word: title,
    title: `${role === undefined ? "" : `${role}: `}${title}, ${unit}`,
    better: better ?? (own === "neither" ? undefined : own),
  };
};

/** Equal for measurements that can share a plane. */
const memberOf = ({ set, field }: MeasurementKey): string =>
  familyOf({ figure: "", ...(set && { set }), ...(field !== undefined && { field }) });

export interface DrawnPlane {
  /** The set of samples; undefined if the figures have no sets. */
  set: SampleSource | undefined;
  chart: Chart;
}

/** Samples from the prior come first. */
export const planesOf = (metrics: SweepMetrics, settings: Settings): DrawnPlane[] => {
  const columns = sweepColumns(metrics).filter(({ name }) =>
    metrics.points.some(({ measurements }) => drawable(measurements[name])),
  );
  const members = [...new Map(columns.map(({ key }) => [memberOf(key), key.set])).entries()];
  return members.flatMap(([member, set]) =>
    metrics.planes.flatMap((plane): DrawnPlane[] => {
      const find = ({ figure }: PlaneAxisDefinition): Column | undefined =>
        columns.find(({ key }) => key.figure === figure && key.class === undefined && memberOf(key) === member);
      const [x, y] = [find(plane.x), find(plane.y)];
      if (!x || !y) return [];
      const against = `${capitalized(y.figure.title)} against ${x.figure.title}`;
      const chart = planeChart(metrics, settings, {
        heading: set ? `${against}: ${setTitle(set)}` : against,
        reading: plane.reading,
        x: axisOf(x, plane.x),
        y: axisOf(y, plane.y),
        controls: controlMarks(metrics, x, y),
        ...(plane.origin && { origin: plane.origin }),
        ...(plane.equalSum && {
          references: equalSum(plane.equalSum, x.unit),
          referenceReading: plane.equalSum.reading,
        }),
        size: SIZE,
      });
      return chart ? [{ set, chart }] : [];
    }),
  );
};
