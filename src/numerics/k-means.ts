/** Lloyd's k-means with k-means++ seeding (Arthur & Vassilvitskii 2007), in float64 on the host. */
import { type Points, rowOf, squaredDistance } from "./points.js";
import type { Stream } from "./streams.js";

const MOST_ITERATIONS = 100;

export interface Clusters {
  /** By row. */
  assignment: Int32Array;
  /** [clusters][width]. */
  centers: Points;
  /** Sum of squared distances to the assigned centers. */
  inertia: number;
}

/**
 * The first center is a random row. Each next center is a row drawn in proportion to its squared distance from the nearest
 * center so far.
 */
export const seedCenters = (points: Points, clusters: number, uniform: Stream): Points => {
  const centers: Points = { values: new Float32Array(clusters * points.width), n: clusters, width: points.width };
  const distances = new Float64Array(points.n).fill(Number.POSITIVE_INFINITY);
  for (let c = 0; c < clusters; c++) {
    const total = c === 0 ? 0 : distances.reduce((sum, distance) => sum + distance, 0);
    let chosen = Math.floor(uniform() * points.n);
    if (total > 0) {
      let left = uniform() * total;
      chosen = distances.findIndex((distance) => (left -= distance) < 0);
      if (chosen < 0) chosen = points.n - 1;
    }
    centers.values.set(rowOf(points, chosen), c * points.width);
    for (let i = 0; i < points.n; i++) distances[i] = Math.min(distances[i]!, squaredDistance(points, i, centers, c));
  }
  return centers;
};

const assign = (points: Points, centers: Points): { assignment: Int32Array; inertia: number } => {
  const assignment = new Int32Array(points.n);
  let inertia = 0;
  for (let i = 0; i < points.n; i++) {
    let nearest = Number.POSITIVE_INFINITY;
    for (let c = 0; c < centers.n; c++) {
      const distance = squaredDistance(points, i, centers, c);
      if (distance >= nearest) continue;
      nearest = distance;
      assignment[i] = c;
    }
    inertia += nearest;
  }
  return { assignment, inertia };
};

/** Mean of the rows of each cluster. An empty cluster keeps its center. */
const means = (points: Points, assignment: Int32Array, before: Points): Points => {
  const { width } = points;
  const sums = new Float64Array(before.values.length);
  const counts = new Float64Array(before.n);
  for (let i = 0; i < points.n; i++) {
    const c = assignment[i]!;
    counts[c] = counts[c]! + 1;
    for (let j = 0; j < width; j++) sums[c * width + j]! += points.values[i * width + j]!;
  }
  const values = Float32Array.from(sums, (sum, at) => {
    const count = counts[Math.floor(at / width)]!;
    return count > 0 ? sum / count : before.values[at]!;
  });
  return { values, n: before.n, width };
};

export const kMeans = (points: Points, initial: Points): Clusters => {
  let centers = initial;
  let { assignment, inertia } = assign(points, centers);
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    centers = means(points, assignment, centers);
    const next = assign(points, centers);
    const settled = next.assignment.every((cluster, i) => cluster === assignment[i]);
    ({ assignment, inertia } = next);
    if (settled) break;
  }
  return { assignment, centers, inertia };
};
