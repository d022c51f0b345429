/**
 * The Vendi score: exp of the entropy of the eigenvalues of K / n, an effective number of distinct rows between 1 and n. K is
 * the cosine similarity, so K / n has the eigenvalues of X'X / n with the rows of X at unit length, a matrix of size width by
 * width for any n. Source: Friedman & Dieng 2023, definition 3.1 and section 3.4. The score cannot exceed the width: compare
 * it with that of real data.
 */
import { Matrix } from "ml-matrix";
import type { Points } from "../../numerics/points.js";
import { symmetricEigen } from "../../numerics/symmetric-eigen.js";

export const vendiScore = ({ values, n, width }: Points): number => {
  const sums = Array.from({ length: width }, () => new Float64Array(width));
  for (let i = 0; i < n; i++) {
    const row = values.subarray(i * width, (i + 1) * width);
    const square = row.reduce((sum, value) => sum + value * value, 0);
    if (square === 0) continue;
    for (let j = 0; j < width; j++) for (let k = 0; k <= j; k++) sums[j]![k]! += (row[j]! * row[k]!) / (square * n);
  }
  const similarity = new Matrix(width, width);
  for (let j = 0; j < width; j++)
    for (let k = 0; k < width; k++) similarity.set(j, k, j >= k ? sums[j]![k]! : sums[k]![j]!);
  const entropy = symmetricEigen(similarity).values.reduce(
    (sum, value) => (value <= 0 ? sum : sum - value * Math.log(value)),
    0,
  );
  return Math.exp(entropy);
};
