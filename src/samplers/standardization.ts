/** Codes with the mean 0 and the variance 1 in each dimension, and back. */
import { type Points, pointsOf } from "../numerics/points.js";
import { mean, sampleVariance } from "../numerics/statistics.js";

export interface Standardization {
  /** (z - m) / s. */
  standard(codes: Points): Points;
  /** m + s z. */
  original(codes: Points): Points;
  /** sum_d ln s_d, by which a log-density of the original codes is lower. */
  readonly logScale: number;
}

const mapped = ({ values, width }: Points, each: (value: number, column: number) => number): Points =>
  pointsOf(
    values.map((value, at) => each(value, at % width)),
    width,
  );

/** By the moments of these codes; a standard deviation of 0 counts as 1. */
export const standardization = ({ values, n, width }: Points): Standardization => {
  const columns = Array.from({ length: width }, (_, j) =>
    Float32Array.from({ length: n }, (_, i) => values[i * width + j]!),
  );
  const shift = columns.map((column) => mean(column));
  const scale = columns.map((column) => (n > 1 && Math.sqrt(sampleVariance(column))) || 1);
  return {
    standard: (codes) => mapped(codes, (value, j) => (value - shift[j]!) / scale[j]!),
    original: (codes) => mapped(codes, (value, j) => shift[j]! + scale[j]! * value),
    logScale: scale.reduce((sum, each) => sum + Math.log(each), 0),
  };
};
