/** Canonical JSON of run folders: one spelling per value, so that bytes can be hashed and compared. */
import { type ErrorCode, VaelabError } from "../errors.js";
import { readBytes } from "./read-file.js";

const refuse = (path: readonly string[], what: string): never => {
  throw new VaelabError("CONTRACT", {
    message: `${what} cannot be written as JSON`,
    where: `/${path.join("/")}`,
    remedy: 'Write NaN and infinities as the strings "NaN", "Infinity" and "-Infinity".',
  });
};

/**
 * @param path path of the value, updated in place, because building a pointer for each part of thousands of specs is slow.
 */
const canonical = (value: unknown, path: string[]): string => {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : refuse(path, String(value));
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value !== "object") return refuse(path, `a value of type ${typeof value}`);
  const member = (name: string, child: unknown): string => {
    path.push(name);
    const text = canonical(child, path);
    path.pop();
    return text;
  };
  if (Array.isArray(value)) return `[${value.map((item, i) => member(String(i), item)).join(",")}]`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return refuse(path, `a ${value.constructor.name}`);
  const members: string[] = [];
  for (const name of Object.keys(value).sort()) {
    const child = (value as Readonly<Record<string, unknown>>)[name];
    if (child !== undefined) members.push(`${JSON.stringify(name)}:${member(name, child)}`);
  }
  return `{${members.join(",")}}`;
};

/**
 * Keys sorted by code unit, no white space; undefined members are dropped.
 * @throws CONTRACT for values that JSON cannot represent (NaN, infinities, functions, class instances), which JSON.stringify
 * would silently change.
 */
export const canonicalJson = (value: unknown): string => canonical(value, []);

/** @throws with this code, line and column if the text is not JSON. */
export const parseJson = (text: string, where: string, code: ErrorCode = "RUN_FOLDER"): unknown => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const position = /at position (\d+)/.exec(reason)?.[1];
    const before = text.slice(0, position === undefined ? text.length : Number(position)).split("\n");
    throw new VaelabError(
      code,
      {
        message: `not JSON: ${reason.replace(/ \(line.*\)$/, "")}`,
        where: `${where}:${before.length}:${before.at(-1)!.length + 1}`,
      },
      { cause: error },
    );
  }
  if (isDeep(value)) throw new VaelabError(code, { message: `values are nested more than ${DEEPEST} deep`, where });
  return value;
};

/** Node's longest string has 2^29 - 24 characters. */
export const LARGEST_TEXT = 500 * 2 ** 20;
export const DEEPEST = 200;

const isNested = (value: unknown): value is object => typeof value === "object" && value !== null;

/** Whether a value is nested deeper than any spec. It stops at that depth, and allocates nothing for lists of millions of numbers. */
const isDeep = (value: unknown, depth = 0): boolean => {
  if (depth > DEEPEST) return true;
  if (!isNested(value)) return false;
  const inner: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  for (const child of inner) {
    // Asked here, which spares a call for each of millions of numbers.
    if (isNested(child) && isDeep(child, depth + 1)) return true;
  }
  return false;
};

/** @throws NOT_FOUND, NOT_READABLE, or this code if it is not JSON. */
export const readJson = (path: string, code: ErrorCode = "RUN_FOLDER", limit = LARGEST_TEXT): unknown =>
  parseJson(readBytes(path, limit).toString("utf8"), path, code);

export const isText = (value: unknown): value is string => typeof value === "string";

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
