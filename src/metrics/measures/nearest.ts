/**
 * Euclidean distance from each row to its nearest neighbor in a reference set. One matrix product finds the neighbor, |a|^2 -
 * 2 a . b + |b|^2 in float32, whose cancellation may confuse near ties. The distance to it is then computed in float64, so
 * that copies have distance 0.
 */
import { type Points, squaredDistance } from "../../numerics/points.js";
import { type Tensor2D, tf } from "../../tensor/tensor.js";

/** Number of distances in memory at a time. */
const CELLS = 4_000_000;

const chunk = (points: Points, start: number, rows: number): Tensor2D => {
  const { values, width } = points;
  return tf.tensor2d(values.subarray(start * width, (start + rows) * width), [rows, width]);
};

export const nearestDistances = (points: Points, reference: Points): Float64Array => {
  const rows = Math.max(1, Math.floor(CELLS / reference.n));
  const distances = new Float64Array(points.n);
  for (let start = 0; start < points.n; start += rows) {
    const nearest = tf.tidy(() => {
      const a = chunk(points, start, Math.min(rows, points.n - start));
      const b = chunk(reference, 0, reference.n);
      // |a|^2 is the same for every candidate.
      const gap = tf.sub(tf.sum(tf.square(b), 1), tf.mul(2, tf.matMul(a, b, false, true)));
      return tf.argMin(gap, 1).dataSync();
    });
    for (const [i, found] of nearest.entries())
      distances[start + i] = Math.sqrt(squaredDistance(points, start + i, reference, found));
  }
  return distances;
};
