/**
 * Pareto set of models in two figures, and its hypervolume: the area dominated by the points relative to a reference point
 * (Zitzler & Thiele 1999, the S metric).
 */
export type Direction = "lower" | "higher";
export interface Place {
  x: number;
  y: number;
}
export interface Directions {
  x: Direction;
  y: Direction;
}

/** Mirrored where lower is better, so that higher is better on both axes. */
const upward =
  (directions: Directions) =>
  ({ x, y }: Place): Place => ({ x: directions.x === "higher" ? x : -x, y: directions.y === "higher" ? y : -y });

/** Indices of the points that no other dominates; equal points do not dominate each other. */
export const paretoSet = (places: readonly Place[], directions: Directions): number[] => {
  const up = places.map(upward(directions));
  const dominates = (a: Place, b: Place): boolean => a.x >= b.x && a.y >= b.y && (a.x > b.x || a.y > b.y);
  return up.flatMap((place, i) => (up.some((other) => dominates(other, place)) ? [] : [i]));
};

/** In the product of both units. Points that are not better than the reference in both figures contribute nothing. */
export const hypervolume = (places: readonly Place[], reference: Place, directions: Directions): number => {
  const mirrored = upward(directions);
  const origin = mirrored(reference);
  const better = places.map(mirrored).filter(({ x, y }) => x > origin.x && y > origin.y);
  let [area, height] = [0, origin.y];
  // From the right, each point adds the area above those before it.
  for (const { x, y } of better.sort((a, b) => b.x - a.x)) {
    if (y <= height) continue;
    area += (x - origin.x) * (y - height);
    height = y;
  }
  return area;
};
