/**
 * Guards validate values read from JSON. A guard returns the first fault with its place: `"points/0/seed" is not a number`.
 * Unknown members are ignored.
 */

import { isObject } from "./json.js";

/** @param at place of the value, "" for the root. */
export type Guard = (value: unknown, at: string) => string | undefined;

const wrong = (at: string, what: string): string => `${at === "" ? "it" : JSON.stringify(at)} ${what}`;
const within = (at: string, member: string | number): string => (at === "" ? String(member) : `${at}/${member}`);
const simple =
  (test: (value: unknown) => boolean, what: string): Guard =>
  (value, at) =>
    test(value) ? undefined : wrong(at, what);

export const text = simple((value) => typeof value === "string", "is not a string");
export const number = simple((value) => typeof value === "number", "is not a number");
export const count = simple(
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  "is not a non-negative integer",
);
export const flag = simple((value) => typeof value === "boolean", "is neither true nor false");
export const anything: Guard = () => undefined;

export const oneOf = (...values: readonly (string | number | boolean)[]): Guard =>
  simple((value) => (values as readonly unknown[]).includes(value), `is not one of ${values.join(", ")}`);
export const orNull =
  (guard: Guard): Guard =>
  (value, at) =>
    value === null ? undefined : guard(value, at);

/** The first fault of many. */
const first = <T>(items: Iterable<T>, faultOf: (item: T) => string | undefined): string | undefined => {
  for (const item of items) {
    const fault = faultOf(item);
    if (fault !== undefined) return fault;
  }
  return undefined;
};

export const listOf =
  (guard: Guard): Guard =>
  (value, at) =>
    Array.isArray(value)
      ? first(value.entries(), ([index, item]) => guard(item, within(at, index)))
      : wrong(at, "is not a list");

/** Names that every object inherits from its prototype. */
const isInherited = (name: string): boolean => name in Object.prototype;

/** Values by name. */
export const mapOf =
  (guard: Guard): Guard =>
  (value, at) =>
    isObject(value)
      ? first(Object.entries(value), ([name, member]) =>
          isInherited(name) ? wrong(within(at, name), "is not a valid name") : guard(member, within(at, name)),
        )
      : wrong(at, "is not an object");

type Members = Readonly<Record<string, Guard>>;
/** An object with these members; those of `optional` may be absent. */
export const objectOf =
  (required: Members, optional: Members = {}): Guard =>
  (value, at) => {
    if (!isObject(value)) return wrong(at, "is not an object");
    return (
      first(Object.entries(required), ([name, guard]) =>
        Object.hasOwn(value, name) ? guard(value[name], within(at, name)) : wrong(at, `has no "${name}"`),
      ) ??
      first(Object.entries(optional), ([name, guard]) =>
        Object.hasOwn(value, name) && value[name] !== undefined ? guard(value[name], within(at, name)) : undefined,
      )
    );
  };
