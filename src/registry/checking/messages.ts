/** Translates ajv's errors to plain messages: the actual value, the expected one, and the nearest name. */
import type { ErrorObject } from "ajv";
import { isObject } from "../../storage/json.js";
import { fieldNames, type SchemaNode } from "../components/schema-nodes.js";
import { childPointer, describeValue } from "../reading/json.js";
import { nearest, suggest } from "../reading/nearest.js";
import { resemblesNumber } from "../reading/spelled-numbers.js";
import { withArticle } from "./capabilities.js";
import type { Finding } from "./diagnostics.js";
import { relevantErrors } from "./relevant-errors.js";
import type { UnknownComponent } from "./validator.js";

/** Message about a value, and its place; by default the value that ajv refuses. */
interface Said {
  message: string;
  remedy?: string | false | undefined;
  pointer?: string;
  part?: Finding["part"];
}

export const findingsOf = (errors: readonly ErrorObject[]): Finding[] => relevantErrors(errors).map(findingOf);

const findingOf = (error: ErrorObject): Finding => {
  const { keyword, instancePath } = error;
  const say = Object.hasOwn(SAYINGS, keyword) ? SAYINGS[keyword] : undefined;
  const {
    message,
    remedy,
    pointer = instancePath,
    part = "value",
  } = say?.(error) ?? { message: error.message ?? `breaks "${keyword}"` };
  return { code: "SPEC_INVALID", pointer, part, message, ...(remedy && { remedy }) };
};

const schemaOf = ({ parentSchema }: ErrorObject): SchemaNode => (parentSchema ?? {}) as SchemaNode;

const unknownComponent = ({ params, instancePath }: ErrorObject): Said => {
  const { kind, type, known } = params as UnknownComponent;
  const remedy = `Known: ${known.join(", ") || "none"}`;
  if (type === undefined) return { message: `"type" is missing: it names the ${kind}`, remedy };
  const pointer = childPointer(instancePath, "type");
  if (typeof type !== "string")
    return { message: `the type of a ${kind} is a name, not ${describeValue(type)}`, remedy, pointer };
  const name = JSON.stringify(type);
  if (kind === "schedule" && resemblesNumber(type))
    return {
      message: `${name} is neither a number nor a schedule`,
      remedy: "Write a number as in 0.5 or 1e-3.",
      pointer,
    };
  return { message: `unknown ${kind} ${name}`, remedy: suggest(type, known), pointer };
};

const missingField = (error: ErrorObject): Said => {
  const missing = error.params.missingProperty as string;
  const description = schemaOf(error).properties?.[missing]?.description;
  return { message: `${JSON.stringify(missing)} is missing`, remedy: description && `Meaning: ${description}` };
};

const unknownKey = (error: ErrorObject): Said => {
  const schema = schemaOf(error);
  const key = error.params.additionalProperty as string;
  const owner = schema.properties?.type?.const;
  return {
    message: `unknown key ${JSON.stringify(key)}${typeof owner === "string" ? ` of "${owner}"` : ""}`,
    remedy: suggest(key, fieldNames(schema)),
    pointer: childPointer(error.instancePath, key),
    part: "key",
  };
};

const badName = (error: ErrorObject): Said => {
  const name = error.params.propertyName as string;
  const { description } = (error.schema ?? {}) as SchemaNode;
  return {
    message: `${JSON.stringify(name)} is not a valid name here`,
    remedy: description && `A valid name ${description}.`,
    pointer: childPointer(error.instancePath, name),
    part: "key",
  };
};

const should = ({ data }: ErrorObject, what: string): string => `should be ${what}, not ${describeValue(data)}`;

const wrongType = (error: ErrorObject): Said => {
  const { params, data } = error;
  if (params.type === "integer" && typeof data === "number")
    return { message: `should be a whole number, not ${data}` };
  const { component } = schemaOf(error);
  return { message: should(error, component ? slotForms(component) : typeNames(params.type as string | string[])) };
};

const noneOfValues = (error: ErrorObject): Said => {
  const allowed = error.params.allowedValues as readonly unknown[];
  const names = allowed.filter((value) => typeof value === "string");
  const near = typeof error.data === "string" && nearest(error.data, names);
  const list = allowed.map((value) => JSON.stringify(value)).join(", ");
  return {
    message: should(error, allowed.length === 1 ? list : `one of ${list}`),
    remedy: near && `Did you mean ${JSON.stringify(near)}?`,
  };
};

const noneOfForms = (error: ErrorObject): Said => {
  const forms = ((error.schema ?? []) as readonly unknown[]).map(formOf);
  return { message: should(error, [...new Set(forms)].join(" or ")) };
};

const unmatched = (error: ErrorObject): Said => {
  const { description } = schemaOf(error);
  return {
    message: should(error, `text that matches ${error.params.pattern}`),
    remedy: description && `Meaning: ${description}`,
  };
};

const limited =
  (bound: string) =>
  ({ data, params }: ErrorObject): Said => ({ message: `should be ${bound} ${params.limit}, not ${data}` });

const counted = (bound: "least" | "most", unit: string, { params: { limit } }: ErrorObject): string =>
  `at ${bound} ${limit} ${unit}${limit === 1 ? "" : "s"}`;
const lengthLimited =
  (bound: "least" | "most") =>
  (error: ErrorObject): Said => ({
    message: should(error, `text of ${counted(bound, "character", error)}`),
  });
const sizeLimited =
  (bound: "least" | "most", unit: string) =>
  (error: ErrorObject): Said => ({
    message: `should have ${counted(bound, unit, error)}, not ${Object.keys(error.data as object).length}`,
  });

const SAYINGS: Readonly<Record<string, (error: ErrorObject) => Said>> = {
  component: unknownComponent,
  type: wrongType,
  required: missingField,
  additionalProperties: unknownKey,
  propertyNames: badName,
  enum: noneOfValues,
  const: (error) => ({ message: should(error, JSON.stringify(error.params.allowedValue)) }),
  minimum: limited("at least"),
  maximum: limited("at most"),
  exclusiveMinimum: limited("above"),
  exclusiveMaximum: limited("below"),
  multipleOf: ({ data, params }) => ({ message: `should be a multiple of ${params.multipleOf}, not ${data}` }),
  minItems: sizeLimited("least", "item"),
  maxItems: sizeLimited("most", "item"),
  minProperties: sizeLimited("least", "field"),
  maxProperties: sizeLimited("most", "field"),
  minLength: lengthLimited("least"),
  maxLength: lengthLimited("most"),
  uniqueItems: ({ params }) => ({ message: `items ${params.j} and ${params.i} are the same` }),
  pattern: unmatched,
  anyOf: noneOfForms,
  oneOf: noneOfForms,
};

const slotForms = (kind: string): string =>
  kind === "schedule"
    ? 'a number, the name of a schedule, or { "type": NAME, ... }'
    : `the name of ${withArticle(kind)}, or { "type": NAME, ... }`;

const NAMES: Readonly<Record<string, string>> = {
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  null: "null",
};
const typeNames = (type: string | readonly string[]): string =>
  [type]
    .flat()
    .map((name) => NAMES[name] ?? name)
    .join(" or ");

const formOf = (schema: unknown): string => {
  if (!isObject(schema)) return "something else";
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value)).join(" or ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  return typeNames((schema.type ?? "something else") as string | string[]);
};
