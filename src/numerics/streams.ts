/** Named random streams, derived from one root seed by hash. Drawing from one stream never moves another. */
import { createHash } from "node:crypto";
import seedrandom from "seedrandom";

export type Stream = () => number;

/** Two int32 from a name, used as an offset to a noise key. */
export const hashInts = (name: string): [number, number] => {
  const digest = createHash("sha256").update(name).digest();
  return [digest.readInt32LE(0), digest.readInt32LE(4)];
};

/** Host-side uniform draws in [0, 1), by seed and name ("init/encoder/dense-0/weights", "order/3", ...). */
export const stream = (seed: number, name: string): Stream => {
  const generator = seedrandom(`${seed}\u0000${name}`);
  return () => generator();
};

/** Hash of the last name. Successive steps share a name, and hashing takes a few microseconds. */
let hashed: { name: string; ints: [number, number] } | undefined;

/** The noise key of a step, or of a block of examples: int32 [2], fed to the step. */
export const noiseKey = (seed: number, name: string, step: number): Int32Array => {
  const full = `${seed}\u0000${name}`;
  if (hashed?.name !== full) hashed = { name: full, ints: hashInts(full) };
  const [high, low] = hashed.ints;
  return Int32Array.of(high, (low + step) | 0);
};

/** A standard normal draw by the polar method, for host-side work (initial weights, synthetic data). */
export const normal = (uniform: Stream): number => {
  for (;;) {
    const u = 2 * uniform() - 1;
    const v = 2 * uniform() - 1;
    const s = u * u + v * v;
    if (s > 0 && s < 1) return u * Math.sqrt((-2 * Math.log(s)) / s);
  }
};

/** 0 ... n - 1 in random order (Fisher and Yates). */
export const permutation = (n: number, uniform: Stream): Int32Array => {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(uniform() * (i + 1));
    const kept = order[i]!;
    order[i] = order[j]!;
    order[j] = kept;
  }
  return order;
};
