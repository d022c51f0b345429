/**
 * JSON Schema (draft-07) of an experiment for editors and other languages, in one self-contained file. A slot is an enum of
 * names with one `if`/`then` per component, so that editors show one error at the right key, unlike with `oneOf`. If a spec
 * `extends` another, required fields may come from there, so it is checked by the partial forms.
 */

import { KINDS, type Kind } from "../contracts/kinds.js";
import { typeOf } from "../spec/define.js";
import { experimentSchema } from "../spec/experiment-schema.js";
import { FORMAT } from "../storage/format.js";
import { canonicalJson, isObject } from "../storage/json.js";
import type { Catalogue } from "./components/catalogue.js";
import { type SchemaNode, schemaNode } from "./components/schema-nodes.js";
import type { JsonObject } from "./reading/json.js";

type Form = "whole" | "partial";
const definitionName = (name: string, form: Form): string => (form === "whole" ? name : `${name}.partial`);
const reference = (name: string, form: Form) => ({ $ref: `#/definitions/${definitionName(name, form)}` });

/** Keyed by file name. */
export const exportSchemas = (catalogue: Catalogue): Record<string, JsonObject> => {
  const forms: readonly Form[] = ["whole", "partial"];
  const root = ofFiles(schemaNode(experimentSchema));
  const definitions: Record<string, unknown> = {};
  for (const form of forms) definitions[definitionName("experiment", form)] = convert(root, form);
  for (const kind of KINDS) {
    for (const form of forms) definitions[definitionName(kind, form)] = slotSchema(kind, form, catalogue);
  }
  for (const { definition } of catalogue.all()) {
    const name = `${definition.kind}.${typeOf(definition)}`;
    const schema = schemaNode(definition.schema);
    for (const form of forms) {
      if (form === "whole" || differs(schema)) definitions[definitionName(name, form)] = convert(schema, form);
    }
  }
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: experimentSchema.title,
    type: "object",
    if: { required: ["extends"] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: reference("experiment", "partial"),
    else: reference("experiment", "whole"),
    definitions,
  };
  return { "experiment.schema.json": JSON.parse(JSON.stringify(schema)) as JsonObject };
};

/** In a file `extends` may be one path, too, and a spec that a run has kept says its format. */
const ofFiles = (schema: SchemaNode): SchemaNode => {
  const list = schema.properties?.extends ?? {};
  const format = {
    type: "integer",
    minimum: 1,
    maximum: FORMAT,
    description: "format version, if a run kept this spec",
  };
  return { ...schema, properties: { ...schema.properties, extends: { ...list, type: ["string", "array"] }, format } };
};

const slotSchema = (kind: Kind, form: Form, catalogue: Catalogue): object => {
  const names = catalogue.names(kind);
  const bare = names.filter((name) => form === "partial" || fieldsRequired(kind, name, catalogue).length === 0);
  const component = (name: string) => ({
    if: { required: ["type"], properties: { type: { const: name } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: reference(`${kind}.${name}`, differs(schemaIn(kind, name, catalogue)) ? form : "whole"),
  });
  return {
    type: kind === "schedule" ? ["object", "string", "number"] : ["object", "string"],
    ...(kind === "schedule" && bareBounds(schemaIn(kind, "constant", catalogue).properties?.value)),
    if: { type: "string" },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: oneOfNames(bare),
    else: {
      if: { type: "object" },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: {
        ...(form === "whole" && { required: ["type"] }),
        properties: { type: oneOfNames(names) },
        ...(names.length && { allOf: names.map(component) }),
      },
    },
  };
};

/** A bare number is the value of a constant schedule. */
const bareBounds = ({ minimum, exclusiveMinimum }: SchemaNode = {}): object => ({
  ...(minimum !== undefined && { minimum }),
  ...(exclusiveMinimum !== undefined && { exclusiveMinimum }),
});

const oneOfNames = (names: readonly string[]): object | false => (names.length ? { enum: names } : false);

const fieldsRequired = (kind: Kind, name: string, catalogue: Catalogue): readonly string[] => {
  return (schemaIn(kind, name, catalogue).required ?? []).filter((field) => field !== "type");
};

const schemaIn = (kind: Kind, name: string, catalogue: Catalogue): SchemaNode => {
  const definition = catalogue.get(kind, name);
  return definition ? schemaNode(definition.schema) : {};
};

/** Whether the partial form accepts more; both require a component's "type". */
const differs = (schema: SchemaNode): boolean => {
  const { required = [], ...rest } = schema;
  const more = required.some((field) => field !== "type");
  return more || canonicalJson(convert(rest, "whole")) !== canonicalJson(convert(rest, "partial"));
};

const convert = (node: SchemaNode, form: Form): object => {
  if (node.component) {
    const { default: filled, description, properties } = node;
    const slot = reference(node.component, form);
    if (filled === undefined && description === undefined) return slot;
    return {
      ...(description && { description }),
      ...(filled !== undefined && { default: filled }),
      ...(properties && { properties, ...bareBounds(properties.value) }),
      allOf: [slot],
    };
  }
  const { properties, items, additionalProperties, required, format, ...rest } = node;
  return {
    ...rest,
    ...(format !== undefined && format !== "path" && { format }),
    ...(required && form === "whole" && { required }),
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([key, child]) => [key, convert(child, form)])),
    }),
    // Merging replaces a list as a whole.
    ...(items && { items: isObject(items) ? convert(items, "whole") : items }),
    ...(additionalProperties !== undefined && {
      additionalProperties: isObject(additionalProperties) ? convert(additionalProperties, form) : additionalProperties,
    }),
  };
};
