/**
 * A square, an ellipse and a heart by their factors, as in dSprites (Matthey et al. 2017). Each image is rendered on demand
 * from its index in the grid of all combinations.
 *
 * Differences: orientations are k 2 pi / n without the full turn (dSprites includes it twice), and coverage at edges is
 * exact.
 */
import { maximum } from "../../numerics/lists.js";
import { type Polygon, renderPolygon } from "./polygon.js";

export const SPRITES = ["square", "ellipse", "heart"] as const;
export type Sprite = (typeof SPRITES)[number];

export const FACTORS = ["shape", "scale", "orientation", "x", "y"] as const;
export type Factor = (typeof FACTORS)[number];
/** Number of values of each factor. */
export type FactorSizes = Readonly<Record<Factor, number>>;
/** Index of one example on each factor. */
export type FactorValues = Readonly<Record<Factor, number>>;

const CORNERS = 128;
const turns = (count: number): number[] => Array.from({ length: count }, (_, k) => (2 * Math.PI * k) / count);

/** The curve (16 sin^3 t, 13 cos t - 5 cos 2t - 2 cos 3t - cos 4t), upright, centered on its smallest enclosing circle. */
const heart = (): number[][] => {
  const points = turns(CORNERS).map((t) => [
    16 * Math.sin(t) ** 3,
    -(13 * Math.cos(t) - 5 * Math.cos(2 * t) - 2 * Math.cos(3 * t) - Math.cos(4 * t)),
  ]);
  // The center lies on the axis of symmetry, where the distance to the farthest point is smallest.
  const radiusAt = (y: number): number => maximum(points.map((point) => Math.hypot(point[0]!, point[1]! - y)));
  let [low, high] = [-17, 17];
  for (let i = 0; i < 100; i++) {
    const third = (high - low) / 3;
    if (radiusAt(low + third) < radiusAt(high - third)) high -= third;
    else low += third;
  }
  const radius = radiusAt(low);
  return points.map((point) => [point[0]! / radius, (point[1]! - low) / radius]);
};

/** Outlines around the origin, inscribed in the unit circle. */
const OUTLINES: Readonly<Record<Sprite, readonly (readonly number[])[]>> = {
  square: turns(4).map((t) => [Math.cos(t + Math.PI / 4), Math.sin(t + Math.PI / 4)]),
  ellipse: turns(CORNERS).map((t) => [Math.cos(t), Math.sin(t) / 2]),
  heart: heart(),
};

/** One of `count` values evenly spaced from `from` to `to`; a single value is `to`. */
const evenly = (k: number, count: number, from: number, to: number): number =>
  count === 1 ? to : from + ((to - from) * k) / (count - 1);

/** Factor indices of example `row` of the grid; the last factor varies fastest. */
export const factorsOf = (row: number, sizes: FactorSizes): FactorValues => {
  let rest = row;
  const values = { shape: 0, scale: 0, orientation: 0, x: 0, y: 0 };
  for (const factor of [...FACTORS].reverse()) {
    values[factor] = rest % sizes[factor];
    rest = Math.floor(rest / sizes[factor]);
  }
  return values;
};

export const gridSize = (sizes: FactorSizes): number => FACTORS.reduce((product, factor) => product * sizes[factor], 1);

/**
 * Outline in pixels. The radius lies between 1/8 and 1/4 of the canvas and the center between 1/4 and 3/4, so no sprite is
 * clipped.
 */
export const outlineOf = (sprite: Sprite, values: FactorValues, sizes: FactorSizes, size: number): Polygon => {
  const radius = (size / 4) * evenly(values.scale, sizes.scale, 0.5, 1);
  const angle = (2 * Math.PI * values.orientation) / sizes.orientation;
  const [cos, sin] = [radius * Math.cos(angle), radius * Math.sin(angle)];
  const center = (axis: "x" | "y"): number =>
    sizes[axis] === 1 ? size / 2 : evenly(values[axis], sizes[axis], size / 4, (3 * size) / 4);
  const [x0, y0] = [center("x"), center("y")];
  return Float64Array.from(OUTLINES[sprite].flatMap(([x, y]) => [x0 + cos * x! - sin * y!, y0 + sin * x! + cos * y!]));
};

export const drawSprite = (sprite: Sprite, values: FactorValues, sizes: FactorSizes, size: number): Float64Array =>
  renderPolygon(outlineOf(sprite, values, sizes, size), size);
