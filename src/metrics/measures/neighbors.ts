/**
 * Fidelity and diversity by nearest neighbors. B(x) is the ball around x with its k-th nearest neighbor in its own set on the
 * boundary (no point is its own neighbor). For real points r_1 ... r_N and generated points f_1 ... f_M:
 *
 *     precision  fraction of f in some closed B(r)         recall    fraction of r in some closed B(f)
 *     density    sum_f #{ r : f in open B(r) } / (k M)     coverage  fraction of r whose nearest f lies in open B(r)
 *
 * Equal distributions have density 1 and coverage 1 - 2^-k. Distances are computed in float64 row by row, so memory grows
 * only with N + M. Source: Kynkäänniemi et al. 2019, eq. 1-3 (closed balls, as in their code); Naeem et al. 2020, eq. 3-4
 * (open balls).
 */
import { type Points, squaredDistance } from "../../numerics/points.js";

/** Squared distance from each row to its k-th nearest other row. Requires more than k rows. */
export const neighborRadii = (points: Points, k: number): Float64Array => {
  const radii = new Float64Array(points.n);
  const nearest = new Float64Array(k);
  for (let i = 0; i < points.n; i++) {
    nearest.fill(Number.POSITIVE_INFINITY);
    for (let j = 0; j < points.n; j++) {
      if (j === i) continue;
      const distance = squaredDistance(points, i, points, j);
      if (distance >= nearest[k - 1]!) continue;
      let at = k - 1;
      for (; at > 0 && nearest[at - 1]! > distance; at--) nearest[at] = nearest[at - 1]!;
      nearest[at] = distance;
    }
    radii[i] = nearest[k - 1]!;
  }
  return radii;
};

export const precisionRecall = (real: Points, fake: Points, k: number): { precision: number; recall: number } => {
  const realRadii = neighborRadii(real, k);
  const fakeRadii = neighborRadii(fake, k);
  const inReal = new Uint8Array(fake.n);
  const inFake = new Uint8Array(real.n);
  for (let i = 0; i < real.n; i++) {
    for (let j = 0; j < fake.n; j++) {
      if (inFake[i] && inReal[j]) continue;
      const distance = squaredDistance(real, i, fake, j);
      if (distance <= realRadii[i]!) inReal[j] = 1;
      if (distance <= fakeRadii[j]!) inFake[i] = 1;
    }
  }
  return { precision: share(inReal), recall: share(inFake) };
};

export const densityCoverage = (real: Points, fake: Points, k: number): { density: number; coverage: number } => {
  const radii = neighborRadii(real, k);
  const covered = new Uint8Array(real.n);
  let within = 0;
  for (let i = 0; i < real.n; i++) {
    for (let j = 0; j < fake.n; j++) {
      if (squaredDistance(real, i, fake, j) >= radii[i]!) continue;
      within++;
      covered[i] = 1;
    }
  }
  return { density: within / (k * fake.n), coverage: share(covered) };
};

const share = (flags: Uint8Array): number => flags.reduce((sum, flag) => sum + flag, 0) / flags.length;
