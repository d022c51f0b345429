/**
 * Paths through latent space, as codes [steps, dimensions]:
 *
 *     straight    (1 - t) a + t b
 *     slerp       sin((1 - t) w) / sin(w) a + sin(t w) / sin(w) b,  w the angle between a and b (Shoemake 1985): the norm stays
 *                 that of the codes where theirs are equal, as a high-dimensional Gaussian's nearly are (White 2016)
 *     traversal   a code with one dimension moved from -range to +range around its value
 *
 * Where a latent lies on a sphere or in a ball, its path is the geodesic, whichever is asked for, and a traversal follows the geodesic
 * from its code toward an axis, as far as the range says: an angle, or a hyperbolic distance. A traversal of a positive latent multiplies
 * the value, by exp(-range) to exp(range). The variables of a discrete latent change
 * from those of one code to those of the other in turn, so that every step is a code.
 */

import type { LatentSupport } from "../../contracts/distribution.js";
import type { Model } from "../../contracts/model.js";
import { VaelabError } from "../../errors.js";
import { alongGeodesic, geodesic } from "../../numerics/poincare-ball.js";
import { dot } from "../../numerics/points.js";
import { type Shape, sizeOf } from "../../tensor/fields.js";

export const WALKS = ["straight", "slerp"] as const;
export type WalkName = (typeof WALKS)[number];

type Code = ArrayLike<number>;
/** Below this sine, arc and straight line agree in single precision. */
const NARROW = 1e-4;

const mixed = (a: Code, b: Code, steps: number, weights: (t: number) => [number, number]): Float32Array => {
  const codes = new Float32Array(steps * a.length);
  for (let step = 0; step < steps; step++) {
    const [ofA, ofB] = weights(step / (steps - 1));
    for (let d = 0; d < a.length; d++) codes[step * a.length + d] = ofA * a[d]! + ofB * b[d]!;
  }
  return codes;
};

/**
 * @param steps at least 2, including both ends. @throws USAGE if the codes are opposite or 0, because no arc between them is
 * shortest
 */
const walkBetween = (a: Code, b: Code, steps: number, walk: WalkName): Float32Array => {
  if (walk === "straight") return mixed(a, b, steps, (t) => [1 - t, t]);
  const norms = Math.sqrt(dot(a, a) * dot(b, b));
  const cosine = Math.min(1, Math.max(-1, dot(a, b) / norms));
  const angle = Math.acos(cosine);
  const sine = Math.sin(angle);
  if (norms === 0 || (sine < NARROW && cosine < 0))
    throw new VaelabError("USAGE", {
      message: `there is no one arc between ${norms === 0 ? "a code of norm 0 and another" : "opposite codes"}`,
      remedy: "Take other examples; where no latent lies on a sphere, the straight line is another way.",
    });
  if (sine < NARROW) return mixed(a, b, steps, (t) => [1 - t, t]);
  return mixed(a, b, steps, (t) => [Math.sin((1 - t) * angle) / sine, Math.sin(t * angle) / sine]);
};

/** cos(angle) z + sin(angle) u, u the direction on the sphere at z that leads to axis d. */
const turned = (z: Code, d: number, angle: number): number[] => {
  const toward = (axis: number): number[] => Array.from(z, (value, i) => Number(i === axis) - z[axis]! * value);
  // At the axis itself, every direction is as good.
  const tangent = 1 - z[d]! ** 2 > NARROW ** 2 ? toward(d) : toward((d + 1) % z.length);
  const norm = Math.sqrt(dot(tangent, tangent));
  return Array.from(z, (value, i) => Math.cos(angle) * value + (Math.sin(angle) * tangent[i]!) / norm);
};

/** How a stretch of a code is walked along. */
interface Geometry {
  between(a: Float32Array, b: Float32Array, steps: number, walk: WalkName): Float32Array;
  /** The code moved so far along dimension d. */
  moved(code: Float32Array, d: number, offset: number): readonly number[];
}
const FLAT: Geometry = {
  between: walkBetween,
  moved: (code, d, offset) => Array.from(code, (value, i) => (i === d ? value + offset : value)),
};
/** Sums with weights above 0 stay above 0, and so do products. */
const POSITIVE: Geometry = {
  ...FLAT,
  moved: (code, d, offset) => Array.from(code, (value, i) => (i === d ? value * Math.exp(offset) : value)),
};
const SPHERE: Geometry = { between: (a, b, steps) => walkBetween(a, b, steps, "slerp"), moved: turned };
const BALL: Geometry = { between: geodesic, moved: alongGeodesic };
/** Geometry of a discrete variable, which changes at this fraction of the path. */
const switching = (at: number): Geometry => ({
  ...FLAT,
  between: (a, b, steps) => mixed(a, b, steps, (t) => (t < at ? [1, 0] : [0, 1])),
});

const geometryOf = (support: LatentSupport, variable: number, variables: number): Geometry => {
  if (support === "sphere") return SPHERE;
  if (support === "ball") return BALL;
  if (support === "positive") return POSITIVE;
  const isDiscrete = support === "one-hot" || support === "binary" || support === "codes";
  return isDiscrete ? switching((variable + 0.5) / variables) : FLAT;
};

/** How many elements of a latent are kept together: all, or those of a sphere, a ball or a discrete variable. */
const sizeOfPart = (shape: Shape, support: LatentSupport): number => {
  if (support === "binary") return 1;
  return ["sphere", "ball", "one-hot", "codes"].includes(support) ? shape.at(-1)! : sizeOf(shape);
};

/** A stretch of a code with a geometry of its own. */
interface Stretch extends Geometry {
  start: number;
  size: number;
}
type Latents = Pick<Model, "latents" | "supports">;

const stretchesOf = ({ latents, supports = {} }: Latents): Stretch[] => {
  let start = 0;
  return Object.entries(latents).flatMap(([name, shape]) => {
    const support = supports[name] ?? "real";
    const size = sizeOfPart(shape, support);
    const count = sizeOf(shape) / size;
    return Array.from({ length: count }, (_, i) => {
      start += size;
      return { start: start - size, size, ...geometryOf(support, i, count) };
    });
  });
};

/** A path of each latent for itself. @param a, b codes in the layout of `encodeRows`. @throws USAGE as `walkBetween` */
export const pathBetween = (
  model: Latents,
  a: Float32Array,
  b: Float32Array,
  steps: number,
  walk: WalkName,
): Float32Array => {
  const codes = new Float32Array(steps * a.length);
  for (const { start, size, between } of stretchesOf(model)) {
    const part = between(a.subarray(start, start + size), b.subarray(start, start + size), steps, walk);
    for (let step = 0; step < steps; step++)
      codes.set(part.subarray(step * size, (step + 1) * size), step * a.length + start);
  }
  return codes;
};

/** A row of `steps` codes for each of the dimensions, one after another. */
export const traversals = (
  model: Latents,
  code: Float32Array,
  dimensions: readonly number[],
  { range, steps }: { range: number; steps: number },
): Float32Array => {
  const codes = new Float32Array(dimensions.length * steps * code.length);
  const stretches = stretchesOf(model);
  for (const [row, dimension] of dimensions.entries()) {
    const { start, size, moved } = stretches.find((each) => dimension < each.start + each.size)!;
    for (let step = 0; step < steps; step++) {
      const at = (row * steps + step) * code.length;
      codes.set(code, at);
      const offset = range * ((2 * step) / (steps - 1) - 1);
      codes.set(moved(code.subarray(start, start + size), dimension - start, offset), at + start);
    }
  }
  return codes;
};
