/**
 * Refuses numbers that single precision cannot represent. Tensors are float32: there 1e39 is infinite and 1e-46 is 0, so a
 * clipping norm would turn gradients into NaN, and a learning rate would train nothing.
 */
import { childPointer, type Json } from "../reading/json.js";
import type { Finding } from "./diagnostics.js";

const LARGEST = (2 - 2 ** -23) * 2 ** 127;
const SMALLEST = 2 ** -149;
const text = (value: number): string => value.toPrecision(2);

const faultOf = (value: number): string | undefined => {
  const single = Math.fround(value);
  if (!Number.isFinite(single))
    return `${value} is infinite in single precision, whose largest number is ${text(LARGEST)}`;
  return single === 0 && value !== 0
    ? `${value} is 0 in single precision, whose smallest positive number is ${text(SMALLEST)}`
    : undefined;
};

/** @param value resolved spec @param isSound whether the place has no other fault */
export const precisionFindings = (value: Json, isSound: (pointer: string) => boolean, pointer = ""): Finding[] => {
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([key, child]) =>
      precisionFindings(child, isSound, childPointer(pointer, key)),
    );
  const message = typeof value === "number" && isSound(pointer) ? faultOf(value) : undefined;
  return message === undefined ? [] : [{ code: "SPEC_INVALID", pointer, part: "value", message }];
};
