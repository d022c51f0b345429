/**
 * Every registered component, and each way that its schema says it can be: its defaults, and one case for each other value of
 * an `enum` or a boolean. So a newly registered one is tried without being named here.
 */
import { builtins } from "../../../src/builtins.js";
import { type AnyDefinition, type Kind, type ResolvedFields, typeOf } from "../../../src/core/define.js";
import { ACTIVATIONS } from "../../../src/core/nn.js";
import { createCatalogue } from "../../../src/registry/catalogue.js";
import { type SchemaNode, schemaNode } from "../../../src/registry/schema-nodes.js";
import { validatorOf } from "../../../src/registry/validator.js";

export interface Case {
  kind: Kind;
  definition: AnyDefinition;
  /** "prior/vamp, bound sigmoid" */
  name: string;
  /** With the schema's defaults. */
  fields: ResolvedFields;
}

/** Fields whose defaults are meant for real data. */
const SMALL: Readonly<Record<string, unknown>> = {
  hidden: [5, 4],
  filters: [3, 2],
  strides: [2, 2],
  components: 5,
  samples: 3,
  train: 60,
  validation: 20,
  test: 20,
  points: [
    { step: 1, value: 0.5 },
    { step: 4, value: 1 },
    { step: 5, value: 0.25 },
  ],
};

/** A value that a field's schema allows. */
const exampleOf = (node: SchemaNode): unknown => {
  const { minimum = 0 } = node as { minimum?: number };
  if (node.default !== undefined) return node.default;
  if (node.enum) return node.enum[0];
  if (node.type === "integer") return Math.max(3, minimum);
  if (node.type === "number") return Math.max(0.5, minimum);
  if (node.type === "boolean") return false;
  throw new Error(`no example of ${JSON.stringify(node)}: give the field a default, or a value in SMALL`);
};

const validator = validatorOf(createCatalogue(builtins));

const casesOf = (definition: AnyDefinition): Case[] => {
  const type = typeOf(definition);
  const { properties = {}, required = [] } = schemaNode(definition.schema);
  const fields = Object.entries(properties).filter(([name]) => name !== "type");
  const base: ResolvedFields = {
    type,
    ...Object.fromEntries(
      fields.flatMap(([name, node]) => {
        if (name in SMALL) return [[name, SMALL[name]]];
        return required.includes(name) ? [[name, exampleOf(node)]] : [];
      }),
    ),
  };
  const name = `${definition.kind}/${type}`;
  const others = fields.flatMap(([field, node]) => {
    // Activations are the same functions everywhere: one component tries them all.
    if (node.enum === ACTIVATIONS && name !== "encoder/mlp") return [];
    const values = node.type === "boolean" ? [true, false] : (node.enum ?? []);
    return values
      .filter((value) => value !== node.default)
      .map((value) => ({ name: `${name}, ${field} ${value}`, fields: { ...base, [field]: value } }));
  });
  return [{ name, fields: base }, ...others].map((each) => {
    const filled = structuredClone(each.fields);
    const faults = validator.component(definition.kind, type, filled);
    if (faults.length > 0) throw new Error(`${each.name} is refused by its own schema: ${JSON.stringify(faults)}`);
    return { kind: definition.kind, definition, name: each.name, fields: filled };
  });
};

export const casesOfKind = (kind: Kind): Case[] =>
  builtins.filter((definition) => definition.kind === kind).flatMap(casesOf);
