/** Points that stand for N(0, I) in averages, evenly spread and the same at every call: quasi-Monte Carlo. */

/** The first primes. */
const primes = (count: number): number[] => {
  const found: number[] = [];
  const isPrime = (n: number): boolean => {
    for (const prime of found) {
      if (prime * prime > n) return true;
      if (n % prime === 0) return false;
    }
    return true;
  };
  for (let n = 2; found.length < count; n++) if (isPrime(n)) found.push(n);
  return found;
};

/** sqrt(-2 ln u) at the angle 2 pi v (Box & Muller 1958). */
const boxMuller = (u: number, v: number): [number, number] => {
  const radius = Math.sqrt(-2 * Math.log(u));
  return [radius * Math.cos(2 * Math.PI * v), radius * Math.sin(2 * Math.PI * v)];
};

/**
 * Richtmyer's sequence, i sqrt(p_d) mod 1 for the d-th prime, mapped to normal values; each point is followed by its reflection at 0.
 * @returns [2 * pairs, dimensions], row after row
 */
export const normalPoints = (pairs: number, dimensions: number): Float32Array => {
  const roots = primes(2 * Math.ceil(dimensions / 2)).map(Math.sqrt);
  const points = new Float32Array(2 * pairs * dimensions);
  for (let i = 0; i < pairs; i++) {
    const start = 2 * i * dimensions;
    for (let d = 0; d < dimensions; d += 2) {
      const [u, v] = [roots[d]!, roots[d + 1]!].map((root) => ((i + 1) * root) % 1) as [number, number];
      const values = boxMuller(u, v).slice(0, dimensions - d);
      for (const [k, value] of values.entries()) {
        points[start + d + k] = value;
        points[start + dimensions + d + k] = -value;
      }
    }
  }
  return points;
};
