/**
 * Extremes of a list and the joining of lists, of any length. `Math.max(...list)` and `list.push(...more)` hand every element over
 * as an argument, and more than some 120,000 overflow the stack.
 */

/** -Infinity of none; NaN where one is NaN. */
export const maximum = (values: Iterable<number>): number => {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) most = Math.max(most, value);
  return most;
};

/** Infinity of none; NaN where one is NaN. */
export const minimum = (values: Iterable<number>): number => {
  let least = Number.POSITIVE_INFINITY;
  for (const value of values) least = Math.min(least, value);
  return least;
};

/** The smallest and the largest value; [Infinity, -Infinity] of none. */
export const extentOf = (values: readonly number[]): [least: number, most: number] => [
  minimum(values),
  maximum(values),
];

/** Adds the elements of `more` to the end of `list`. */
export const append = <T>(list: T[], more: Iterable<T>): void => {
  for (const item of more) list.push(item);
};
