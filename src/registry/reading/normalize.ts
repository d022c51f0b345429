/**
 * First pass over a merged spec: expands a bare name to `{ type }` and a number in a schedule slot to `{ type: "constant",
 * value }`, and makes relative paths (fields of format "path") absolute from the file that contains them. Everything else is
 * left for validation to report.
 */
import { resolve } from "node:path";
import type { Catalogue } from "../components/catalogue.js";
import { type SchemaNode, schemaOf, schemaOfChild } from "../components/schema-nodes.js";
import { folderOf, type Traced, type TracedObject } from "./traced.js";

export const normalize = (value: Traced, schema: SchemaNode | undefined, catalogue: Catalogue): Traced => {
  if (!schema) return value;
  const node = schema.component ? slotObject(value, schema) : value;
  if (node.kind === "scalar") {
    const path = schema.format === "path" && typeof node.value === "string" ? node.value : undefined;
    return path === undefined ? node : { ...node, value: resolve(folderOf(node.origin), path) };
  }
  const inner = schemaOf(schema, node, catalogue);
  if (!inner) return node;
  if (node.kind === "array") {
    return { ...node, items: node.items.map((item) => normalize(item, schemaOfChild(inner, 0), catalogue)) };
  }
  const entries = [...node.entries].map(
    ([key, child]) => [key, normalize(child, schemaOfChild(inner, key), catalogue)] as const,
  );
  return { ...node, entries: new Map(entries) };
};

/**
 * Expands the value of a slot. The parts share the origin object of the bare value, by which messages recognize bare values.
 */
export const slotObject = (value: Traced, { component }: SchemaNode): Traced => {
  if (value.kind !== "scalar") return value;
  const part = (content: string): Traced => ({ kind: "scalar", origin: value.origin, value: content });
  const whole = (entries: TracedObject["entries"]): Traced => ({ kind: "object", origin: value.origin, entries });
  if (typeof value.value === "string") return whole(new Map([["type", part(value.value)]]));
  if (component !== "schedule" || typeof value.value !== "number") return value;
  return whole(
    new Map([
      ["type", part("constant")],
      ["value", value],
    ]),
  );
};
