/** Geodesics of the Poincaré ball of curvature -1, in float64 on the host. */
import { dot } from "./points.js";

type Point = ArrayLike<number>;

/** The Möbius sum of x and y: the end of the geodesic from x, transported from the one from the origin to y. */
const added = (x: Point, y: Point): number[] => {
  const [xx, yy, xy] = [dot(x, x), dot(y, y), dot(x, y)];
  const total = 1 + 2 * xy + xx * yy;
  return Array.from(x, (value, i) => ((1 + 2 * xy + yy) * value + (1 - xx) * y[i]!) / total);
};

/** The point at this fraction of the distance from the origin to x. */
const scaled = (x: Point, fraction: number): number[] => {
  const norm = Math.sqrt(dot(x, x));
  const factor = norm === 0 ? 0 : Math.tanh(fraction * Math.atanh(norm)) / norm;
  return Array.from(x, (value) => factor * value);
};

/** Evenly spaced points of the geodesic from a to b, [steps, dimensions]. @param steps at least 2, including both ends */
export const geodesic = (a: Point, b: Point, steps: number): Float32Array => {
  const points = new Float32Array(steps * a.length);
  const way = added(
    Array.from(a, (value) => -value),
    b,
  );
  for (let step = 0; step < steps; step++) points.set(added(a, scaled(way, step / (steps - 1))), step * a.length);
  return points;
};

/** The point at a signed distance from x along the geodesic that leaves it in the direction of axis d. */
export const alongGeodesic = (x: Point, d: number, distance: number): number[] =>
  added(
    x,
    Array.from(x, (_, i) => (i === d ? Math.tanh(distance / 2) : 0)),
  );
