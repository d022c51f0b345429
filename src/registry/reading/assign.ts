/**
 * Assigns a value at a dotted path of a spec, for `--set`, `--add` and sweeps. It follows the schema, so paths may cross
 * values that are not written yet (a default, a bare name, an optional object), and misspelled keys are found at once.
 */
import type { Catalogue } from "../components/catalogue.js";
import { fieldNames, type SchemaNode, schemaOf, schemaOfChild } from "../components/schema-nodes.js";
import { describeValue, FORBIDDEN_KEYS, type Json } from "./json.js";
import { suggest } from "./nearest.js";
import { slotObject } from "./normalize.js";
import { withNumbers } from "./spelled-numbers.js";
import { type Origin, plain, type Traced, trace, withEntry } from "./traced.js";

export interface Assignment {
  /** "model.prior.components", "evaluation.metrics.0". */
  path: string;
  value: Traced;
  /** add: append to a list, or write a new key. */
  mode: "set" | "add";
}
/** Reason why a path cannot be resolved. */
export class PathFault extends Error {
  readonly remedy: string | undefined;
  constructor(message: string, remedy?: string) {
    super(message);
    this.name = "PathFault";
    this.remedy = remedy;
  }
}

/** @throws PathFault */
export const assign = (
  spec: Traced,
  schema: SchemaNode,
  { path, value, mode }: Assignment,
  catalogue: Catalogue,
): Traced => {
  const segments = path.split(".");
  if (segments.some((segment) => segment === "")) throw new PathFault(`${JSON.stringify(path)} is not a dotted path`);
  const forbidden = segments.find((segment) => FORBIDDEN_KEYS.has(segment));
  if (forbidden) throw new PathFault(`the key "${forbidden}" is refused`, "No spec has a field of this name.");
  return descend(spec, schema, segments, []);

  function descend(node: Traced | undefined, at: SchemaNode | undefined, rest: string[], walked: string[]): Traced {
    if (rest.length === 0) return mode === "add" ? add(node, at, walked) : withNumbers(value, at);
    const here = walked.join(".");
    const parent = container(node, at, here, value.origin);
    if (parent.kind === "array") {
      const [segment = "", ...after] = rest;
      const index = indexOf(segment, parent.items.length, here);
      const child = descend(parent.items[index], schemaOfChild(at, index), after, [...walked, segment]);
      return { ...parent, items: parent.items.map((item, i) => (i === index ? child : item)) };
    }
    if (parent.kind === "scalar") {
      throw new PathFault(`"${here}" is ${describeValue(parent.value)}, which has no fields`);
    }
    // A slot of unknown type has no schema; validation will report the type.
    const inner = at && schemaOf(at, parent, catalogue);
    const { key, after } = takeKey(rest, parent.entries, inner);
    const existing = parent.entries.get(key);
    const childSchema = schemaOfChild(inner, key);
    if (!existing && inner && !childSchema) {
      throw new PathFault(`${here ? `"${here}"` : "the spec"} has no field "${key}"`, suggest(key, fieldNames(inner)));
    }
    return withEntry(
      parent,
      key,
      descend(existing ?? unwritten(childSchema, after.length > 0), childSchema, after, [...walked, key]),
    );
  }

  function unwritten(at: SchemaNode | undefined, throughIt: boolean): Traced | undefined {
    if (!throughIt && mode === "set") return undefined;
    return at?.default === undefined ? undefined : trace(at.default as Json, value.origin);
  }

  function add(node: Traced | undefined, at: SchemaNode | undefined, walked: string[]): Traced {
    const item = withNumbers(value, schemaOfChild(at, 0));
    if (node?.kind === "array") return { ...node, items: [...node.items, item] };
    if (!node)
      return at?.type === "array" ? { kind: "array", origin: value.origin, items: [item] } : withNumbers(value, at);
    const what = describeValue(plain(node));
    throw new PathFault(`"${walked.join(".")}" is already there: ${what}`, "--set replaces it.");
  }
};

/** Value that a path can traverse: an expanded slot, a new object for an unwritten one, or the existing value. */
const container = (node: Traced | undefined, at: SchemaNode | undefined, here: string, origin: Origin): Traced => {
  if (node) return at?.component ? slotObject(node, at) : node;
  if (at?.component) {
    throw new PathFault(`there is no ${at.component} at "${here}" that could have this field`, `Set "${here}" first.`);
  }
  return at?.type === "array" ? { kind: "array", origin, items: [] } : { kind: "object", origin, entries: new Map() };
};

const indexOf = (segment: string, length: number, here: string): number => {
  const index = /^\d+$/.test(segment) ? Number(segment) : Number.NaN;
  if (index < length) return index;
  const items = length === 1 ? "1 item" : `${length} items`;
  const message = `"${here}" is a list of ${items} without an index "${segment}"`;
  throw new PathFault(message, length ? `Indexes run from 0 to ${length - 1}; --add appends.` : "--add appends.");
};

/**
 * Keys of free-form objects (sweep.grid) are dotted paths themselves: take the longest existing key, else the whole rest. Where the
 * values are objects (model.latents), keys are names, and the path goes on below them.
 */
const takeKey = (
  rest: string[],
  entries: ReadonlyMap<string, Traced>,
  inner: SchemaNode | undefined,
): { key: string; after: string[] } => {
  const values = inner?.additionalProperties;
  if (typeof values !== "object" || values.type === "object") return { key: rest[0]!, after: rest.slice(1) };
  for (let length = rest.length; length > 0; length--) {
    const key = rest.slice(0, length).join(".");
    if (entries.has(key)) return { key, after: rest.slice(length) };
  }
  return { key: rest.join("."), after: [] };
};
