/**
 * Typed arrays compare in a loop of their own: `toEqual` would make a list of the keys of each, which takes a second for the images
 * of a small data set. As in `toEqual`, NaN equals NaN, and 0 does not equal -0.
 */
import { expect } from "vitest";

type Numbers = ArrayLike<number | bigint>;
const isTypedArray = (value: unknown): value is Numbers => ArrayBuffer.isView(value) && !(value instanceof DataView);

const haveSameElements = (a: unknown, b: unknown): boolean | undefined => {
  if (!isTypedArray(a) || !isTypedArray(b)) return undefined;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return undefined;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (!Object.is(a[i], b[i])) return false;
  }
  return true;
};

// Files share their process, and testers stay.
const ADDED = Symbol.for("vaelab/test/equality");
const added = globalThis as { [ADDED]?: true };
if (!added[ADDED]) expect.addEqualityTesters([haveSameElements]);
added[ADDED] = true;
