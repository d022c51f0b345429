/**
 * Merges one spec over another: objects merge by key, everything else is replaced as a whole. A `{type}` slot whose type
 * changes is also replaced, because its fields belong to the other component. A bare name "x" counts as `{ "type": "x" }`.
 */
import { typeWritten } from "../components/schema-nodes.js";
import type { Traced, TracedObject } from "./traced.js";

export const merge = (under: Traced, over: Traced): Traced => {
  const base = asObject(under, over);
  const top = asObject(over, under);
  if (base?.kind !== "object" || top?.kind !== "object") return over;
  const type = typeWritten(top);
  if (type !== undefined && type !== typeWritten(base)) return over;
  const entries = new Map(base.entries);
  for (const [key, child] of top.entries) {
    const below = entries.get(key);
    entries.set(key, below ? merge(below, child) : child);
  }
  return { kind: "object", origin: over.origin, entries };
};

/** A bare name counts as a slot only opposite an object; two strings are plain strings. */
const asObject = (node: Traced, other: Traced): TracedObject | undefined => {
  if (node.kind === "object") return node;
  if (node.kind !== "scalar" || typeof node.value !== "string" || other.kind !== "object") return undefined;
  return { kind: "object", origin: node.origin, entries: new Map([["type", node]]) };
};
