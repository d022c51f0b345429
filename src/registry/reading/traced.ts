/**
 * A JSON value with the origin of each part. Files, flags and sweeps are merged in this form, so that errors and `config
 * --origin` can name the line of each value. Entries are Maps, so no key can reach a prototype.
 */
import { dirname, isAbsolute, relative, resolve } from "node:path";
import { isObject } from "../../storage/json.js";
import { childPointer, type Json, type JsonObject } from "./json.js";

export interface Position {
  /** From 1. */
  line: number;
  column: number;
}
export type Origin =
  | { kind: "file"; file: string; value: Position; key?: Position }
  /** As typed: "--set model.latent=8". */
  | { kind: "flag"; flag: string; folder: string }
  /** A spec passed by a program. */
  | { kind: "code"; folder: string; name?: string };
/** Keyed by JSON pointer. Missing pointers are defaults. */
export type Origins = ReadonlyMap<string, Origin>;

export interface TracedObject {
  readonly kind: "object";
  readonly origin: Origin;
  readonly entries: ReadonlyMap<string, Traced>;
}
export interface TracedArray {
  readonly kind: "array";
  readonly origin: Origin;
  readonly items: readonly Traced[];
}
export interface TracedScalar {
  readonly kind: "scalar";
  readonly origin: Origin;
  readonly value: null | boolean | number | string;
}
export type Traced = TracedObject | TracedArray | TracedScalar;

export const withEntry = (node: TracedObject, key: string, child: Traced): TracedObject => ({
  ...node,
  entries: new Map([...node.entries, [key, child]]),
});
export const withoutEntry = (node: TracedObject, key: string): TracedObject => ({
  ...node,
  entries: new Map([...node.entries].filter(([name]) => name !== key)),
});

/** Gives every part the same origin. The caller must have refused values that JSON cannot represent. */
export const trace = (value: Json, origin: Origin): Traced => {
  if (Array.isArray(value)) return { kind: "array", origin, items: value.map((item) => trace(item, origin)) };
  if (isObject(value)) {
    const entries = new Map(Object.entries(value as JsonObject).map(([key, child]) => [key, trace(child, origin)]));
    return { kind: "object", origin, entries };
  }
  return { kind: "scalar", origin, value: value as null | boolean | number | string };
};

export const plain = (node: Traced): Json => {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "array") return node.items.map(plain);
  return Object.fromEntries([...node.entries].map(([key, child]) => [key, plain(child)]));
};

export const originsOf = (node: Traced): Origins => {
  const origins = new Map<string, Origin>();
  const visit = (part: Traced, pointer: string): void => {
    origins.set(pointer, part.origin);
    if (part.kind === "array")
      for (const [index, item] of part.items.entries()) visit(item, childPointer(pointer, index));
    if (part.kind === "object") for (const [key, child] of part.entries) visit(child, childPointer(pointer, key));
  };
  visit(node, "");
  return origins;
};

/** Base folder of relative paths written there. */
export const folderOf = (origin: Origin): string => (origin.kind === "file" ? dirname(origin.file) : origin.folder);

/** Relative to the working folder if it lies below it. */
export const showPath = (file: string, from = process.cwd()): string => {
  const path = relative(from, resolve(file));
  return path === "" || path.startsWith("..") || isAbsolute(path) ? resolve(file) : path;
};

/** Name of an in-memory spec in errors. */
export const GIVEN = "(given spec)";

export const showOrigin = (origin: Origin, part: "key" | "value" = "value"): string => {
  if (origin.kind === "flag") return origin.flag;
  if (origin.kind === "code") return origin.name ?? GIVEN;
  const { line } = (part === "key" && origin.key) || origin.value;
  return `${showPath(origin.file)}:${line}`;
};
