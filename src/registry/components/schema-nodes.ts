/**
 * Walks component schemas. Slots may occur only under `properties`, `items` and `additionalProperties`, never below `anyOf`
 * and the like; the catalogue refuses other definitions.
 */
import type { Kind } from "../../contracts/kinds.js";
import type { ScheduleRole } from "../../contracts/schedule.js";
import type { Schema } from "../../spec/slots.js";
import type { Traced } from "../reading/traced.js";
import type { Catalogue } from "./catalogue.js";

export interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly component?: Kind;
  readonly deferred?: true;
  readonly role?: ScheduleRole;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly format?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: boolean | SchemaNode;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
}

/** The literal types of json-schema-to-ts are wider than a walk needs; only this place narrows them. */
export const schemaNode = (schema: Schema): SchemaNode => schema as SchemaNode;

/** Type of a slot's value: `{ "type": "vamp" }` or the bare name `"vamp"`; a bare number is a constant schedule. */
export const typeWritten = (value: Traced): string | undefined => {
  if (value.kind === "object") {
    const type = value.entries.get("type");
    return type?.kind === "scalar" && typeof type.value === "string" ? type.value : undefined;
  }
  return value.kind === "scalar" && typeof value.value === "string" ? value.value : undefined;
};

/** Schema of the value: for a slot that of its component, undefined if the type is unknown. */
export const schemaOf = (node: SchemaNode, value: Traced | undefined, catalogue: Catalogue): SchemaNode | undefined => {
  if (!node.component) return node;
  const type = value && typeWritten(value);
  const definition = type === undefined ? undefined : catalogue.get(node.component, type);
  return definition && schemaNode(definition.schema);
};

/** The schema of a key, or of an array's items. */
export const schemaOfChild = (node: SchemaNode | undefined, key: string | number): SchemaNode | undefined => {
  if (!node) return undefined;
  if (typeof key === "number") return node.items;
  if (node.properties && Object.hasOwn(node.properties, key)) return node.properties[key];
  return typeof node.additionalProperties === "object" ? node.additionalProperties : undefined;
};

/** Keys to suggest, without "type", which is present already, and `$schema` and `extends`, which belong to files. */
export const fieldNames = ({ properties = {} }: SchemaNode): string[] =>
  Object.keys(properties).filter(
    (name) => !["$schema", "extends"].includes(name) && !(name === "type" && properties[name]?.const !== undefined),
  );
