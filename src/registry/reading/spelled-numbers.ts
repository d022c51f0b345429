/** Numbers in command-line notation where a schema expects a number: `.5`, `5.`, `+1`, `1_000`, `"1e-3"`. */
import type { SchemaNode } from "../components/schema-nodes.js";
import { schemaOfChild } from "../components/schema-nodes.js";
import type { Traced } from "./traced.js";

const DIGITS = String.raw`\d+(?:_\d+)*`;
const NUMBER = new RegExp(String.raw`^[+-]?(?:${DIGITS}(?:\.(?:${DIGITS})?)?|\.${DIGITS})(?:[eE][+-]?\d+)?$`);

/** Undefined if the text is not a finite number. */
export const numberIn = (text: string): number | undefined => {
  const written = text.trim();
  const value = NUMBER.test(written) ? Number(written.replaceAll("_", "")) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
};

/** Whether it looks like a number, even if it is not a valid one. */
export const resemblesNumber = (text: string): boolean => /^\s*[+-]?\.?\d/.test(text);

/** Also true if the schema allows certain strings besides a number. */
const takesNumber = ({ component, type, anyOf, oneOf, enum: texts }: SchemaNode): boolean => {
  const branches = anyOf ?? oneOf;
  if (branches)
    return branches.some(takesNumber) && !branches.some((branch) => branch.type === "string" && !branch.enum);
  const types = [type ?? []].flat();
  return component === "schedule" || ((types.includes("number") || types.includes("integer")) && !texts);
};

/** Value of a flag with strings parsed as numbers where the schema expects numbers, item by item in lists. */
export const withNumbers = (value: Traced, schema: SchemaNode | undefined): Traced => {
  if (!schema || value.origin.kind !== "flag") return value;
  if (value.kind === "array")
    return { ...value, items: value.items.map((item) => withNumbers(item, schemaOfChild(schema, 0))) };
  if (value.kind !== "scalar" || typeof value.value !== "string" || !takesNumber(schema)) return value;
  const number = numberIn(value.value);
  return number === undefined ? value : { ...value, value: number };
};

/** A list of numbers as JSON: `[.5, 1_000]` → `[0.5,1000]`. Undefined if it is not such a list. */
export const listAsJson = (text: string): string | undefined => {
  const inner = /^\s*\[([^[\]{}"]*)\]\s*$/.exec(text)?.[1];
  const numbers = inner?.split(",").map(numberIn);
  return numbers?.every((number) => number !== undefined) ? JSON.stringify(numbers) : undefined;
};
