/** Pareto set and hypervolume of the means of a plane, in words. */
import { extentOf } from "../../numerics/lists.js";
import { studentInterval } from "../../numerics/statistics.js";
import { formatFigure, formatSpread } from "../figures/numbers.js";
import { type Direction, type Directions, hypervolume, type Place, paretoSet } from "../figures/pareto.js";
import { type Axes, type MeanPoint, placeText, type SeedPoint } from "./plane-points.js";

/** Undefined if an axis has no better direction. */
export const directionsOf = ({ x, y }: Axes): Directions | undefined =>
  x.better && y.better && { x: x.better, y: y.better };

/** Indices of the means that no other beats in both figures; all if the plane has no ranking. */
export const frontOf = (means: readonly Place[], axes: Axes): number[] => {
  const directions = directionsOf(axes);
  return directions ? paretoSet(means, directions) : means.map((_, i) => i);
};

export const frontText = (means: readonly MeanPoint[], axes: Axes): string | false => {
  if (!directionsOf(axes) || means.length < 2) return false;
  const front = frontOf(means, axes);
  return front.length === means.length
    ? "No mean dominates another: all are in the Pareto set"
    : `Filled rings form the Pareto set, which no other mean dominates: ${front.map((i) => means[i]!.label).join(", ")}`;
};

const worst = (values: readonly number[], better: Direction): number => {
  const [least, most] = extentOf(values);
  return better === "lower" ? most : least;
};

/** The area that the means beat, and the seeds one by one, from a declared point or from the worst value of each figure. */
export const hypervolumeText = (
  axes: Axes,
  origin: Place | undefined,
  seeds: readonly SeedPoint[],
  means: readonly Place[],
): string | false => {
  const directions = directionsOf(axes);
  if (!directions) return false;
  const [xs, ys] = [seeds.map(({ x }) => x), seeds.map(({ y }) => y)];
  const reference = origin ?? { x: worst(xs, directions.x), y: worst(ys, directions.y) };
  const areaOf = (places: readonly Place[]): number => hypervolume(places, reference, directions);
  const bySeed = [...new Set(seeds.map(({ seed }) => seed))].map((seed) =>
    areaOf(seeds.filter((point) => point.seed === seed)),
  );
  const [text, half] = formatSpread(studentInterval(bySeed), "");
  const where = placeText(axes, reference).replace(", ", " and ");
  return `Dominated hypervolume relative to the reference point ${where}${origin ? "" : " (the worst seeds)"}: ${formatFigure(areaOf(means), "")} for the means, ${text}${half === null ? "" : ` ± ${half}`} over seeds`;
};
