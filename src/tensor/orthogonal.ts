/**
 * A random orthonormal set of vectors, uniform among all such (Saxe, McClelland & Ganguli 2014): Gram-Schmidt on normal draws,
 * twice over, in float64. Each vector keeps the sign of its draw: along itself, the draw has a positive coordinate, as the
 * QR decomposition whose R has a positive diagonal (Mezzadri 2007).
 */
import { dot } from "../numerics/points.js";
import { normal, type Stream } from "../numerics/streams.js";
import type { Drawing } from "./drawing.js";

/** vector -= along * other. @returns vector · next, in the same pass over memory: a sum waits longer for its own last term. */
const subtract = (vector: Float64Array, along: number, other: Float64Array, next: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) {
    const value = vector[i]! - along * other[i]!;
    vector[i] = value;
    sum += value * next[i]!;
  }
  return sum;
};

/** Multiplications between two pauses: a few milliseconds. */
const CHUNK = 4_000_000;

/** @returns `count` orthonormal vectors of `length` elements, count <= length */
export function* orthonormal(count: number, length: number, uniform: Stream): Drawing<Float64Array[]> {
  const basis: Float64Array[] = [];
  const total = count * count;
  let since = 0;
  for (let k = 0; k < count; k++) {
    const vector = Float64Array.from({ length }, () => normal(uniform));
    // Twice, for what rounding leaves of the first time.
    const others = [...basis, ...basis];
    let along = others[0] ? dot(vector, others[0]) : 0;
    for (const [m, other] of others.entries()) {
      along = subtract(vector, along, other, others[m + 1] ?? vector);
      since += 2 * length;
      if (since < CHUNK) continue;
      since = 0;
      yield (k * k + (k * m) / others.length) / total;
    }
    const norm = Math.sqrt(dot(vector, vector));
    basis.push(vector.map((value) => value / norm));
  }
  return basis;
}
