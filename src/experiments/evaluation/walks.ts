/**
 * Paths through latent space, as codes [steps, dimensions]:
 *
 *     straight    (1 - t) a + t b
 *     slerp       sin((1 - t) w) / sin(w) a + sin(t w) / sin(w) b,  w the angle between a and b (Shoemake 1985): the norm stays
 *                 that of the codes where theirs are equal, as a high-dimensional Gaussian's nearly are (White 2016)
 *     traversal   a code with one dimension moved from -range to +range around its value
 */

import { VaelabError } from "../../errors.js";
import { dot } from "../../numerics/points.js";

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
export const walkBetween = (a: Code, b: Code, steps: number, walk: WalkName): Float32Array => {
  if (walk === "straight") return mixed(a, b, steps, (t) => [1 - t, t]);
  const norms = Math.sqrt(dot(a, a) * dot(b, b));
  const cosine = Math.min(1, Math.max(-1, dot(a, b) / norms));
  const angle = Math.acos(cosine);
  const sine = Math.sin(angle);
  if (norms === 0 || (sine < NARROW && cosine < 0))
    throw new VaelabError("USAGE", {
      message: `there is no one arc between ${norms === 0 ? "a code of norm 0 and another" : "opposite codes"}`,
      remedy: "Take the straight line, or other examples.",
    });
  if (sine < NARROW) return mixed(a, b, steps, (t) => [1 - t, t]);
  return mixed(a, b, steps, (t) => [Math.sin((1 - t) * angle) / sine, Math.sin(t * angle) / sine]);
};

/** A row of `steps` codes for each of the dimensions, one after another. */
export const traversals = (
  code: Code,
  dimensions: readonly number[],
  { range, steps }: { range: number; steps: number },
): Float32Array => {
  const codes = new Float32Array(dimensions.length * steps * code.length);
  for (const [row, dimension] of dimensions.entries()) {
    for (let step = 0; step < steps; step++) {
      const at = (row * steps + step) * code.length;
      codes.set(Float32Array.from(code), at);
      codes[at + dimension] = code[dimension]! + range * ((2 * step) / (steps - 1) - 1);
    }
  }
  return codes;
};
