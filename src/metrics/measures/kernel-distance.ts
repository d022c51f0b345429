/**
 * The kernel distance: the unbiased estimate of the squared maximum mean discrepancy under the polynomial kernel k(x, y) = (x
 * . y / width + 1)^3, averaged over subsets drawn without replacement. It can be negative. Source: Binkowski et al. 2018,
 * section 3 (kernel) and eq. 4.
 */
import { type Points, selectRows } from "../../numerics/points.js";
import { mean, standardError } from "../../numerics/statistics.js";
import { permutation, type Stream } from "../../numerics/streams.js";

const dot = (a: Points, i: number, b: Points, j: number): number => {
  const { width } = a;
  let [at, bt] = [i * width, j * width];
  let sum = 0;
  for (const end = at + width; at < end; at++, bt++) sum += a.values[at]! * b.values[bt]!;
  return sum;
};

const kernel = (a: Points, i: number, b: Points, j: number): number => (dot(a, i, b, j) / a.width + 1) ** 3;

/** Mean kernel over pairs of distinct rows of one set. */
export const meanKernel = (points: Points): number => {
  let sum = 0;
  for (let i = 0; i < points.n; i++) for (let j = 0; j < i; j++) sum += kernel(points, i, points, j);
  return (2 * sum) / (points.n * (points.n - 1));
};
const between = (a: Points, b: Points): number => {
  let sum = 0;
  for (let i = 0; i < a.n; i++) for (let j = 0; j < b.n; j++) sum += kernel(a, i, b, j);
  return sum / (a.n * b.n);
};

export const squaredDiscrepancy = (a: Points, b: Points): number => meanKernel(a) + meanKernel(b) - 2 * between(a, b);

/**
 * @param size rows per subset. If neither side has more, the only subset is the whole set.
 * @returns the mean over subsets, and its standard error if there are several.
 */
export const kernelDistance = (
  a: Points,
  b: Points,
  { subsets, size, uniform }: { subsets: number; size: number; uniform: Stream },
): { value: number; standardError?: number } => {
  if (a.n <= size && b.n <= size) return { value: squaredDiscrepancy(a, b) };
  const subset = (points: Points): Points => selectRows(points, permutation(points.n, uniform).slice(0, size));
  const values = Array.from({ length: subsets }, () => squaredDiscrepancy(subset(a), subset(b)));
  return { value: mean(values), ...(subsets > 1 && { standardError: standardError(values) }) };
};
