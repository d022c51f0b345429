/** Points of a plane: one per seed, and the mean of each setting with intervals in both directions. */
import type { SweepMetrics } from "../../storage/layout.js";
import type { Column } from "../figures/columns.js";
import { formatFigure, formatSpreadText, plural } from "../figures/numbers.js";
import type { Direction, Place } from "../figures/pareto.js";
import { describeChoice, type Setting, type Settings } from "../figures/settings.js";
import { boundMark, drawable, valueText } from "../figures/values.js";

export interface PlaneAxis {
  column: Column;
  /** In a sentence. */
  word: string;
  title: string;
  /** Undefined if no direction is better; the plane then has no ranking. */
  better: Direction | undefined;
}
export interface Axes {
  x: PlaneAxis;
  y: PlaneAxis;
}
export interface SeedPoint extends Place {
  seed: number;
  group: string;
  said: string;
}
export interface MeanPoint extends Place {
  xLow: number | null;
  xHigh: number | null;
  yLow: number | null;
  yHigh: number | null;
  group: string;
  series: string;
  position: number | null;
  label: string;
  said: string;
}

/** Whether colors stand for series rather than settings. */
export const isBySeries = (settings: Settings): boolean => settings.primary !== undefined && settings.series.length > 1;
/** Key of the points that share a color. */
export const groupOf = (settings: Settings, { series, label }: Setting): string =>
  isBySeries(settings) ? series : label;

/** "rate 5.1, distortion 92.3" */
export const pairText = ({ x, y }: Axes, atX: string, atY: string): string => `${x.word} ${atX}, ${y.word} ${atY}`;
export const placeText = (axes: Axes, { x, y }: Place): string =>
  pairText(axes, formatFigure(x, axes.x.column.unit), formatFigure(y, axes.y.column.unit));

export const seedPointsOf = ({ points }: SweepMetrics, settings: Settings, axes: Axes): SeedPoint[] =>
  points.flatMap(({ choices, seed, measurements }) => {
    const [x, y] = [measurements[axes.x.column.name], measurements[axes.y.column.name]];
    const setting = settings.of(choices);
    if (!drawable(x) || !drawable(y) || !setting) return [];
    const said = `${setting.label}, seed ${seed}: ${pairText(axes, valueText(x), valueText(y))}`;
    return [{ x: x.value, y: y.value, seed, group: groupOf(settings, setting), said }];
  });

export const meanPointsOf = ({ groups }: SweepMetrics, settings: Settings, axes: Axes): MeanPoint[] =>
  settings.all.flatMap((setting) => {
    const group = groups.find(({ choices }) => settings.of(choices) === setting);
    const [x, y] = [group?.measurements[axes.x.column.name], group?.measurements[axes.y.column.name]];
    if (!x || !y) return [];
    const [atX, atY] = [x, y].map((found) => `${boundMark(found.bound)}${formatSpreadText(found, found.unit)}`);
    return [
      {
        x: x.mean,
        xLow: x.low,
        xHigh: x.high,
        y: y.mean,
        yLow: y.low,
        yHigh: y.high,
        group: groupOf(settings, setting),
        series: setting.series,
        position: setting.position,
        label: settings.primary ? describeChoice(setting.position) : setting.label,
        said: `${setting.label}, mean of ${plural(x.n, "seed")}: ${pairText(axes, atX!, atY!)}`,
      },
    ];
  });
