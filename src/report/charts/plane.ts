/**
 * Two figures against each other: one dot per seed, the mean of each setting with intervals in both directions, and a line
 * along the swept axis through the settings of a series. Means in the Pareto set are filled.
 */
import type { SweepMetrics } from "../../storage/layout.js";
import { formatFigure } from "../figures/numbers.js";
import type { Place } from "../figures/pareto.js";
import type { Settings } from "../figures/settings.js";
import { type Chart, sentences } from "./chart.js";
import { colorMeaning } from "./colors.js";
import { describeSamples, describeSeeds } from "./describe.js";
import { frontOf, frontText, hypervolumeText } from "./plane-front.js";
import { controlsWithin, type Mark, type PlaneDrawing, planeLayers, type Reference } from "./plane-layers.js";
import { type Axes, meanPointsOf, placeText, seedPointsOf } from "./plane-points.js";

export interface Plane extends Axes {
  heading: string;
  /** How to read the axes. */
  reading: string;
  /** Reference lines, computed from the means. */
  references?(means: readonly Place[]): readonly Reference[];
  /** Meaning of the lines, if any. */
  referenceReading?: string;
  /** Control sets, as crosses. */
  controls: readonly Mark[];
  /** Reference point of the hypervolume; by default the worst value of each figure. */
  origin?: Place;
  size: { width: number; height: number };
}

const controlsText = (drawing: PlaneDrawing): string | false => {
  const { controls, axes } = drawing;
  if (controls.length === 0) return false;
  const drawn = controlsWithin(drawing);
  const outside = controls
    .filter((control) => !drawn.includes(control))
    .map(
      ({ label, x, y }) => `${label} (${formatFigure(x, axes.x.column.unit)}, ${formatFigure(y, axes.y.column.unit)})`,
    );
  return `Crosses are controls: sets of known quality to compare models with${outside.length > 0 ? `. Outside the plot: ${outside.join(", ")}` : ""}`;
};

/** Undefined where no trial has both figures. */
export const planeChart = (metrics: SweepMetrics, settings: Settings, plane: Plane): Chart | undefined => {
  const axes: Axes = { x: plane.x, y: plane.y };
  const seeds = seedPointsOf(metrics, settings, axes);
  const means = meanPointsOf(metrics, settings, axes);
  if (seeds.length === 0 || means.length === 0) return undefined;
  const drawing: PlaneDrawing = {
    axes,
    settings,
    size: plane.size,
    seeds,
    means,
    front: frontOf(means, axes),
    lines: plane.references && means.length > 1 ? plane.references(means) : [],
    controls: plane.controls,
  };
  const said = [
    ...means.map((mean) => mean.said),
    ...plane.controls.map((control) => `${control.label}: ${placeText(axes, control)}`),
  ];
  const primary = settings.primary?.label;
  return {
    heading: plane.heading,
    alt: `${plane.heading}. ${sentences(said)}`,
    caption: sentences(
      plane.reading,
      frontText(means, axes),
      describeSamples(metrics, [plane.x.column, plane.y.column]),
    ),
    more: sentences(
      "Dots are seeds, rings are means of settings, bars are their intervals",
      `${colorMeaning(settings)}${primary === undefined ? "" : `; each mean is labeled with its ${primary}, and a line connects them in this order`}`,
      drawing.lines.length > 0 && plane.referenceReading,
      hypervolumeText(axes, plane.origin, seeds, means),
      controlsText(drawing),
      describeSeeds(metrics),
    ),
    spec: { ...plane.size, layer: planeLayers(drawing) },
  };
};
