/** ajv's errors in plain words: what stands there, what should, and the nearest name. */
import type { ErrorObject } from "ajv";
import { isObject } from "../../storage/json.js";
import { fieldNames, type SchemaNode } from "../components/schema-nodes.js";
import { childPointer, describeValue } from "../reading/json.js";
import { nearest, suggest } from "../reading/nearest.js";
import { resemblesNumber } from "../reading/spelled-numbers.js";
import type { Finding } from "./diagnostics.js";
import type { UnknownComponent } from "./validator.js";

export const findingsOf = (errors: readonly ErrorObject[]): Finding[] => stricter(pruned(errors)).map(findingOf);

/** Of two lower bounds that a value breaks, a slot's "above 0" and its component's "at least 0", the stricter says enough. */
const stricter = (errors: readonly ErrorObject[]): ErrorObject[] =>
  errors.filter(
    ({ keyword, instancePath, params }) =>
      keyword !== "minimum" ||
      !errors.some(
        (other) =>
          other.keyword === "exclusiveMinimum" &&
          other.instancePath === instancePath &&
          other.params.limit >= params.limit,
      ),
  );

/** Of a failed choice, the one branch whose form the value has, where there is one; else the choice alone. */
const pruned = (errors: readonly ErrorObject[]): ErrorObject[] => {
  const dropped = new Set<ErrorObject>();
  for (const choice of errors) {
    if (choice.keyword !== "anyOf" && choice.keyword !== "oneOf") continue;
    const branches = (choice.schema ?? []) as readonly SchemaNode[];
    const below = errors.filter(
      (error) =>
        error.schemaPath.startsWith(`${choice.schemaPath}/`) && error.instancePath.startsWith(choice.instancePath),
    );
    const branchOf = (error: ErrorObject): string =>
      error.schemaPath.slice(choice.schemaPath.length + 1).split("/")[0]!;
    const otherForm = new Set(
      below
        .filter(
          (error) => ["type", "const", "enum"].includes(error.keyword) && error.instancePath === choice.instancePath,
        )
        .map(branchOf),
    );
    const fitting = branches.map((_, index) => String(index)).filter((index) => !otherForm.has(index));
    if (fitting.length === 1 && below.some((error) => branchOf(error) === fitting[0])) {
      dropped.add(choice);
      for (const error of below) if (branchOf(error) !== fitting[0]) dropped.add(error);
    } else for (const error of below) dropped.add(error);
  }
  return errors.filter((error) => !dropped.has(error));
};

const findingOf = (error: ErrorObject): Finding => {
  const { keyword, params, data, instancePath: pointer } = error;
  const schema = (error.parentSchema ?? {}) as SchemaNode;
  const say = (message: string, remedy?: string, at = pointer, part: "key" | "value" = "value"): Finding => ({
    code: "SPEC_INVALID",
    pointer: at,
    part,
    message,
    ...(remedy && { remedy }),
  });
  const should = (what: string, remedy?: string): Finding =>
    say(`should be ${what}, not ${describeValue(data)}`, remedy);
  const shouldCount = (what: string): Finding => say(`should be ${what}, not ${data}`);
  const limit = (params.limit ?? 0) as number;
  const size = (unit: string, count: number): string => `${count} ${unit}${count === 1 ? "" : "s"}`;
  switch (keyword) {
    case "component": {
      const { kind, type, known } = params as UnknownComponent;
      const names = `Known: ${known.join(", ") || "none"}`;
      if (type === undefined) return say(`no "type" says which ${kind} this is`, names);
      const at = childPointer(pointer, "type");
      if (typeof type !== "string")
        return say(`the type of a ${kind} is a name, not ${describeValue(type)}`, names, at);
      if (kind === "schedule" && resemblesNumber(type))
        return say(
          `${JSON.stringify(type)} is neither a number nor a schedule`,
          "Write a number as in 0.5 or 1e-3.",
          at,
        );
      return say(`unknown ${kind} ${JSON.stringify(type)}`, suggest(type, known), at);
    }
    case "type":
      if (params.type === "integer" && typeof data === "number") return shouldCount("a whole number");
      return should(schema.component ? slotForms(schema.component) : typeNames(params.type as string | string[]));
    case "required": {
      const missing = params.missingProperty as string;
      const description = schema.properties?.[missing]?.description;
      return say(`${JSON.stringify(missing)} is missing`, description && `It says: ${description}`);
    }
    case "additionalProperties": {
      const key = params.additionalProperty as string;
      const owner = schema.properties?.type?.const;
      const of = typeof owner === "string" ? ` of "${owner}"` : "";
      return say(
        `unknown key ${JSON.stringify(key)}${of}`,
        suggest(key, fieldNames(schema)),
        childPointer(pointer, key),
        "key",
      );
    }
    case "enum": {
      const allowed = params.allowedValues as readonly unknown[];
      const near =
        typeof data === "string" &&
        nearest(
          data,
          allowed.filter((value) => typeof value === "string"),
        );
      const list = allowed.map((value) => JSON.stringify(value)).join(", ");
      return should(
        allowed.length === 1 ? list : `one of ${list}`,
        near ? `Did you mean ${JSON.stringify(near)}?` : undefined,
      );
    }
    case "const":
      return should(JSON.stringify(params.allowedValue));
    case "minimum":
      return shouldCount(`at least ${limit}`);
    case "maximum":
      return shouldCount(`at most ${limit}`);
    case "exclusiveMinimum":
      return shouldCount(`above ${limit}`);
    case "exclusiveMaximum":
      return shouldCount(`below ${limit}`);
    case "multipleOf":
      return shouldCount(`a multiple of ${params.multipleOf}`);
    case "minItems":
    case "maxItems":
      return say(
        `should have at ${keyword === "minItems" ? "least" : "most"} ${size("item", limit)}, not ${(data as unknown[]).length}`,
      );
    case "minProperties":
    case "maxProperties":
      return say(
        `should have at ${keyword === "minProperties" ? "least" : "most"} ${size("field", limit)}, not ${Object.keys(data as object).length}`,
      );
    case "minLength":
    case "maxLength":
      return should(`text of at ${keyword === "minLength" ? "least" : "most"} ${size("character", limit)}`);
    case "uniqueItems":
      return say(`items ${params.j} and ${params.i} are the same`);
    case "pattern":
      return should(`text that matches ${params.pattern}`, schema.description && `It says: ${schema.description}`);
    case "anyOf":
    case "oneOf": {
      const forms = ((error.schema ?? []) as readonly unknown[]).map(formOf);
      return should([...new Set(forms)].join(" or "));
    }
    default:
      return say(error.message ?? `breaks "${keyword}"`);
  }
};

const slotForms = (kind: string): string =>
  kind === "schedule"
    ? 'a number, the name of a schedule, or { "type": NAME, ... }'
    : `the name of ${article(kind)} ${kind}, or { "type": NAME, ... }`;
const article = (word: string): string => (/^[aeiou]/.test(word) ? "an" : "a");

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
