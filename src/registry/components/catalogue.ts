/**
 * Catalogue of components: a map of definitions by kind and name, which `validate`, `list` and `describe` read without
 * building anything. A plugin set is a child catalogue: it inherits the components of its parent and cannot repeat their
 * names.
 */

import { KINDS, type Kind, kinds } from "../../contracts/kinds.js";
import { SCHEDULE_ROLES } from "../../contracts/schedule.js";
import { VaelabError } from "../../errors.js";
import { type AnyDefinition, type Definition, typeOf } from "../../spec/define.js";
import { isObject } from "../../storage/json.js";
import { suggest } from "../reading/nearest.js";
import { faultOfPackage } from "./data-package.js";
import { claimedFigure, DECLARATIONS, faultOfFigures } from "./metric-figures.js";

export interface Entry {
  readonly definition: AnyDefinition;
  /** "vaelab", or the plugin's file. */
  readonly source: string;
}
export interface Catalogue {
  readonly parent?: Catalogue;
  /** Components that the parent does not have. */
  readonly own: readonly Entry[];
  get<K extends Kind>(kind: K, type: string): Definition<K> | undefined;
  sourceOf(kind: Kind, type: string): string | undefined;
  /** Sorted. */
  names(kind: Kind): readonly string[];
  /** Sorted by kind, then by name. */
  all(): readonly Entry[];
  /** @throws PLUGIN for all invalid definitions and repeated names at once */
  child(definitions: readonly unknown[], source: string): Catalogue;
}

export const createCatalogue = (definitions: readonly AnyDefinition[], source = "vaelab"): Catalogue =>
  build(definitions, source);

const build = (definitions: readonly unknown[], source: string, parent?: Catalogue): Catalogue => {
  const table = new Map<string, Entry>();
  const problems: { where: string; message: string; remedy?: string }[] = [];
  definitions.forEach((definition, index) => {
    const fault = faultOf(definition);
    if (fault) {
      problems.push({ where: source, message: `definition ${index} ${fault}` });
      return;
    }
    const valid = definition as AnyDefinition;
    const name = `${valid.kind}/${typeOf(valid)}`;
    const taken = table.get(name)?.source ?? parent?.sourceOf(valid.kind, typeOf(valid));
    if (taken) {
      const message = `the ${valid.kind} "${typeOf(valid)}" is already defined by ${taken === source ? "the same list" : taken}`;
      problems.push({ where: source, message, remedy: "Give it a name of its own." });
      return;
    }
    const claimed = claimedFigure(valid, [...(parent?.all() ?? []), ...table.values()]);
    if (claimed) {
      const { figure, by } = claimed;
      const from = by.source === source ? "the same list" : by.source;
      const message = `the metric "${typeOf(valid)}" declares the figure "${figure}", which the metric "${typeOf(by.definition)}" of ${from} declares already`;
      problems.push({ where: source, message, remedy: "Give the figure a name of its own." });
    } else table.set(name, { definition: valid, source });
  });
  if (problems.length) throw new VaelabError("PLUGIN", problems);

  const catalogue: Catalogue = {
    ...(parent && { parent }),
    own: [...table.values()],
    // The key contains the kind, so the entry has that kind.
    get: <K extends Kind>(kind: K, type: string) =>
      (table.get(`${kind}/${type}`)?.definition as Definition<K> | undefined) ?? parent?.get(kind, type),
    sourceOf: (kind, type) => table.get(`${kind}/${type}`)?.source ?? parent?.sourceOf(kind, type),
    names: (kind) =>
      [...table.values()]
        .filter(({ definition }) => definition.kind === kind)
        .map(({ definition }) => typeOf(definition))
        .concat(parent?.names(kind) ?? [])
        .sort(),
    all: () =>
      [...(parent?.all() ?? []), ...table.values()].sort(
        (a, b) =>
          KINDS.indexOf(a.definition.kind) - KINDS.indexOf(b.definition.kind) ||
          (typeOf(a.definition) < typeOf(b.definition) ? -1 : 1),
      ),
    child: (more, from) => build(more, from, catalogue),
  };
  return catalogue;
};

/** Members of a definition other than the hooks of its kind. */
const DEFINITION = ["kind", "schema", "formula", "source", "create"];
/** What definitions of a kind declare besides, and what is wrong with it. */
const DECLARED: Readonly<Partial<Record<Kind, { members: readonly string[]; faultOf: typeof faultOfFigures }>>> = {
  metric: { members: DECLARATIONS, faultOf: faultOfFigures },
  dataset: { members: ["package", "unseen"], faultOf: faultOfPackage },
};

/** Why this is not a definition, as half a sentence. Plugins may be untyped. */
const faultOf = (definition: unknown): string | undefined => {
  if (!isObject(definition)) return "is not an object made by definePrior, defineEncoder, ...";
  const { kind, schema, create } = definition;
  if (!KINDS.some((known) => known === kind)) return `has the kind ${JSON.stringify(kind)}; known: ${KINDS.join(", ")}`;
  if (!isObject(schema) || !isObject(schema.properties)) return `(a ${kind}) has no schema with properties`;
  const type = schema.properties.type;
  if (!isObject(type) || typeof type.const !== "string") {
    return `(a ${kind}) has no name: its schema's properties.type is { "const": NAME }`;
  }
  const name = type.const;
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) return `(a ${kind}) has the name "${name}"; names are like "beta-tc"`;
  const called = `(the ${kind} "${name}")`;
  if (schema.type !== "object") return `${called} has a schema whose type is not "object"`;
  if (schema.additionalProperties !== false) return `${called} has a schema without "additionalProperties": false`;
  const { required } = schema;
  if (!Array.isArray(required) || !required.includes("type"))
    return `${called} has a schema that does not require "type"`;
  const slot = faultOfSlots(schema, "");
  if (slot) return `${called} ${slot}`;
  if (typeof create !== "function") return `${called} has no create function`;
  // The figures of a sampler's samples are named after it; "means" names decoded means.
  if (kind === "sampler" && name === "means") return `${called} has the name of decoded means; choose another`;
  const fault = faultOfHooks(definition, kind as Kind) ?? DECLARED[kind as Kind]?.faultOf(definition);
  return fault && `${called} ${fault}`;
};

const faultOfHooks = (definition: Readonly<Record<string, unknown>>, kind: Kind): string | undefined => {
  const hooks: readonly string[] = kinds[kind].hooks;
  for (const [key, value] of Object.entries(definition)) {
    if (["formula", "source"].includes(key) && value !== undefined && typeof value !== "string")
      return `has a "${key}" that is not text`;
    if (DEFINITION.includes(key) || DECLARED[kind]?.members.includes(key)) continue;
    const others = KINDS.filter((other) => (kinds[other].hooks as readonly string[]).includes(key));
    if (!hooks.includes(key) && others.length > 0)
      return `has the hook "${key}", which only ${others.join(", ")} can have. Known: ${hooks.join(", ")}`;
    if (!hooks.includes(key)) return `has an unknown hook "${key}". ${suggest(key, [...hooks, ...DEFINITION])}`;
    if (value !== undefined && typeof value !== "function") return `has a "${key}" that is not a function`;
  }
  return undefined;
};

const faultOfSlots = (node: Readonly<Record<string, unknown>>, at: string): string | undefined => {
  const { component, role } = node;
  if (component !== undefined) {
    if (!KINDS.some((known) => known === component))
      return `has a slot at ${at} of the kind ${JSON.stringify(component)}`;
    if (node.type !== "object") return `has a slot at ${at} without "type": "object"`;
    if (node.default !== undefined && !(isObject(node.default) && typeof node.default.type === "string")) {
      return `has a slot at ${at} whose default is not { type, ... }`;
    }
  }
  if (role !== undefined && !(component === "schedule" && SCHEDULE_ROLES.some((known) => known === role)))
    return component === "schedule"
      ? `has a slot at ${at} with the role ${JSON.stringify(role)}; known: ${SCHEDULE_ROLES.join(", ")}`
      : `has a role at ${at}, which is no slot of a schedule`;
  for (const [key, child] of Object.entries(node)) {
    if (key === "default" || key === "const" || key === "enum") continue;
    if (key === "properties" && isObject(child)) {
      for (const [name, property] of Object.entries(child)) {
        const fault = isObject(property) ? faultOfSlots(property, `${at}/${name}`) : undefined;
        if (fault) return fault;
      }
    } else if ((key === "items" || key === "additionalProperties") && isObject(child)) {
      const fault = faultOfSlots(child, `${at}/${key}`);
      if (fault) return fault;
    } else if (isObject(child) || Array.isArray(child)) {
      if (JSON.stringify(child).includes('"component":')) return `has a slot below "${key}", where none is found`;
    }
  }
  return undefined;
};
