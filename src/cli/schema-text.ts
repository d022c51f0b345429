/** Describes a JSON Schema in words: type, range, default and meaning of each field. */
import { isObject } from "../storage/json.js";

type Node = Readonly<Record<string, unknown>>;

const nodesOf = (value: unknown): [string, Node][] =>
  isObject(value) ? Object.entries(value).filter((entry): entry is [string, Node] => isObject(entry[1])) : [];

const rangeOf = (node: Node): string => {
  const bounds = (
    [
      ["minimum", "≥"],
      ["exclusiveMinimum", ">"],
      ["maximum", "≤"],
      ["exclusiveMaximum", "<"],
    ] as const
  ).flatMap(([key, sign]) => (typeof node[key] === "number" ? [`${sign} ${node[key]}`] : []));
  return bounds.length ? ` ${bounds.join(" and ")}` : "";
};

/** "integer ≥ 1", "list of number", "schedule", `"fixed" | "learned"`. */
export const typeText = (node: Node): string => {
  if (typeof node.component === "string") return node.component;
  if (Array.isArray(node.enum)) return node.enum.map((value) => JSON.stringify(value)).join(" | ");
  if ("const" in node) return JSON.stringify(node.const);
  for (const key of ["oneOf", "anyOf"]) {
    const parts = node[key];
    if (Array.isArray(parts)) return parts.filter(isObject).map(typeText).join(" | ");
  }
  if (Array.isArray(node.items)) return `[${node.items.filter(isObject).map(typeText).join(", ")}]`;
  if (node.type === "array") {
    const counted = [
      node.minItems !== undefined ? `at least ${node.minItems}` : "",
      node.maxItems !== undefined ? `at most ${node.maxItems}` : "",
    ].filter(Boolean);
    return `list of ${isObject(node.items) ? typeText(node.items) : "anything"}${counted.length ? ` (${counted.join(", ")})` : ""}`;
  }
  if (node.type === "object" && isObject(node.additionalProperties))
    return `object of ${typeText(node.additionalProperties)}`;
  const type = Array.isArray(node.type)
    ? node.type.join(" | ")
    : typeof node.type === "string"
      ? node.type
      : "anything";
  return `${type}${rangeOf(node)}`;
};

/** A default component without fields is shown by its name. */
const valueText = (value: unknown): string => {
  if (isObject(value) && typeof value.type === "string" && Object.keys(value).length === 1)
    return JSON.stringify(value.type);
  return JSON.stringify(value);
};

export interface FieldText {
  /** Dotted path, as in --set. */
  path: string;
  type: string;
  /** "required", a default as JSON, or "" for an optional field. */
  fallback: string;
  description: string;
}

/** All fields of a component's schema except `type`; fields of nested objects follow their object. */
export const fieldsOf = (schema: unknown, path = ""): FieldText[] => {
  if (!isObject(schema)) return [];
  const required = Array.isArray(schema.required) ? schema.required : [];
  return nodesOf(schema.properties).flatMap(([name, node]) => {
    if (path === "" && name === "type") return [];
    const at = path ? `${path}.${name}` : name;
    const fallback =
      "default" in node ? `default ${valueText(node.default)}` : required.includes(name) ? "required" : "optional";
    const description = [node.title, node.description].filter((text) => typeof text === "string").join(": ");
    return [{ path: at, type: typeText(node), fallback, description }, ...(node.component ? [] : fieldsOf(node, at))];
  });
};

/** Title of a component, else the first sentence of its description. */
export const titleOf = (schema: unknown): string => {
  const { title, description } = isObject(schema) ? schema : {};
  return typeof title === "string"
    ? title
    : typeof description === "string"
      ? (description.split(/(?<=\.)\s/)[0] ?? "")
      : "";
};

/** Default values of the schema's own fields; undefined if a required field has none. */
export const defaultsOf = (schema: unknown): Readonly<Record<string, unknown>> | undefined => {
  if (!isObject(schema)) return {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  const fields = nodesOf(schema.properties).filter(([name]) => name !== "type");
  if (fields.some(([name, node]) => required.includes(name) && !("default" in node))) return undefined;
  return Object.fromEntries(fields.flatMap(([name, node]) => ("default" in node ? [[name, node.default]] : [])));
};

export const descriptionOf = (schema: unknown): string =>
  isObject(schema) && typeof schema.description === "string" ? schema.description : "";
