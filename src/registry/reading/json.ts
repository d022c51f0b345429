/** JSON values: descriptions for messages, and pointers. */

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** Keys that can reach an object's prototype; no spec needs them. */
export const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

export const escapeSegment = (segment: string | number): string =>
  typeof segment === "string" && /[~/]/.test(segment)
    ? segment.replaceAll("~", "~0").replaceAll("/", "~1")
    : String(segment);
/** The JSON pointer of a child (RFC 6901). */
export const childPointer = (pointer: string, segment: string | number): string =>
  `${pointer}/${escapeSegment(segment)}`;
export const parentPointer = (pointer: string): string => pointer.slice(0, Math.max(0, pointer.lastIndexOf("/")));
export const segmentsOf = (pointer: string): string[] =>
  pointer
    .split("/")
    .slice(1)
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
/** Whether the first pointer equals the second or lies within it. */
export const within = (pointer: string, outer: string): boolean => pointer === outer || pointer.startsWith(`${outer}/`);

/** Describes a value for messages: `the number 5`, `the text "x"`, `a list`. */
export const describeValue = (value: unknown): string => {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "number") return `the number ${value}`;
  if (typeof value === "string") {
    return `the text ${JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value)}`;
  }
  if (typeof value === "boolean") return String(value);
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
};

export const deepFreeze = <T>(value: T): T => {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
};
