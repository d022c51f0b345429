/** Assertions that throw CONTRACT and say what was found and what was expected. They need no test runner. */
import { VaelabError } from "../errors.js";
import { type Shape, showShape } from "../tensor/fields.js";
import type { Tensor } from "../tensor/tensor.js";

export type Numbers = number | readonly Numbers[];
export const flatNumbers = (numbers: Numbers): number[] =>
  typeof numbers === "number" ? [numbers] : numbers.flatMap(flatNumbers);
export const shapeOfNumbers = (numbers: Numbers): number[] =>
  typeof numbers === "number" ? [] : [numbers.length, ...shapeOfNumbers(numbers[0] ?? 0)];

/** @throws CONTRACT with the message where a condition does not hold */
export const assertThat = (holds: boolean, message: string): void => {
  if (!holds) throw new VaelabError("CONTRACT", { message });
};

export const assertShape = (what: string, found: Shape, expected: Shape): void =>
  assertThat(
    found.length === expected.length && found.every((size, axis) => size === expected[axis]),
    `${what} has the shape ${showShape(found)}, expected ${showShape(expected)}`,
  );

export const assertFinite = (what: string, values: ArrayLike<number>): void => {
  const at = Array.from(values).findIndex((value) => !Number.isFinite(value));
  assertThat(at < 0, `element ${at} of ${what} is ${values[at]}, expected a finite number`);
};

/** Every value within `tolerance` times the larger of 1 and its expected magnitude. */
export const assertNear = (
  what: string,
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): void => {
  const count = found.length;
  assertThat(count === expected.length, `${what} has ${count} values, expected ${expected.length}`);
  const off = Array.from(found, (value, i) => Math.abs(value - expected[i]!) / Math.max(1, Math.abs(expected[i]!)))
    .map((error, i) => ({ error, i }))
    // Not `error > tolerance`, which NaN passes.
    .filter(({ error }) => !(error <= tolerance));
  if (off.length === 0) return;
  const { i } = off.reduce((worst, each) => (each.error > worst.error ? each : worst));
  const others = off.length > 1 ? `; ${off.length} of ${count} elements are off` : "";
  assertThat(false, `element ${i} of ${what} is ${found[i]}, expected ${expected[i]} within ${tolerance}${others}`);
};

/** The same of a tensor, whose shape has to be the expected one. */
export const assertClose = (what: string, found: Tensor, expected: Numbers | Tensor, tolerance = 1e-5): void => {
  const isTensor = typeof expected === "object" && "dataSync" in expected;
  assertShape(what, found.shape, isTensor ? expected.shape : shapeOfNumbers(expected));
  assertNear(what, found.dataSync(), isTensor ? expected.dataSync() : flatNumbers(expected), tolerance);
};
