/** Describes a component for `describe` and the catalogue: what it computes, its fields, and what it combines with. */

import type { Kind, Requirement, ResolvedFields } from "../contracts/kinds.js";
import type { Better } from "../contracts/measurement.js";
import { klPairs } from "../distributions/kl.js";
import { capabilitiesOf, requirementsOf } from "../registry/checking/capabilities.js";
import type { Catalogue, Entry } from "../registry/components/catalogue.js";
import { partsOf } from "../registry/components/parts.js";
import { type AnyDefinition, typeOf } from "../spec/define.js";
import { type FieldSchema, SUPPORTS } from "../tensor/fields.js";
import { defaultsOf, descriptionOf, type FieldText, fieldsOf, titleOf } from "./schema-text.js";

export interface ComponentText {
  kind: Kind;
  name: string;
  title: string;
  description: string;
  formula: string | undefined;
  source: string | undefined;
  /** "vaelab", or the plugin's file. */
  from: string;
  fields: readonly FieldText[];
  /** Figures of a metric. */
  figures: readonly FigureText[];
  /** Undefined if they depend on a field without a default. */
  capabilities: readonly string[] | undefined;
  combines: readonly Combination[];
}
export interface FigureText {
  name: string;
  title: string;
  unit: string;
  better: Better;
  /** One measurement for each "set", "class", ... */
  by: readonly string[];
  reading: string;
}
export interface Combination {
  /** "Needs", "Exact KL", "KL", "Takes", "Refuses", "Refused with". */
  what: string;
  text: string;
}

/** Result of a hook with every default and without sibling parts; undefined if it depends on a field without a default. */
const withDefaults = <T>(
  { schema, resolve }: AnyDefinition,
  hook: ((fields: ResolvedFields) => T) | undefined,
): T | undefined => {
  const defaults = defaultsOf(schema);
  if (!hook || !defaults) return undefined;
  const fields = { ...defaults, type: typeOf({ schema }) };
  return hook(resolve ? resolve(fields, {}) : fields);
};

const familyOf = (definition: AnyDefinition): string | undefined =>
  definition.kind === "posterior" || definition.kind === "prior"
    ? withDefaults(definition, definition.family)
    : undefined;
const nameOf = (definition: AnyDefinition): string => `${definition.kind}/${typeOf(definition)}`;
const capabilitiesByDefault = (definition: AnyDefinition, catalogue: Catalogue): readonly string[] | undefined =>
  withDefaults(definition, (fields) => {
    const [part] = partsOf(fields, { component: definition.kind }, catalogue);
    return capabilitiesOf(part ?? { definition, fields });
  });
const requirementsByDefault = (definition: AnyDefinition): readonly Requirement[] =>
  withDefaults(definition, (fields) => requirementsOf({ definition, fields })) ?? [];
const offers = (definition: AnyDefinition, capability: string, catalogue: Catalogue): boolean =>
  capabilitiesByDefault(definition, catalogue)?.includes(capability) ?? false;
const sentence = (text: string): string => text.replace(/[.]?$/, "");

/** Capabilities that it requires of other kinds, and the components that have them. */
const needs = (definition: AnyDefinition, catalogue: Catalogue): Combination[] =>
  requirementsByDefault(definition).map(({ kind, capability, reason }) => {
    const fitting = catalogue
      .all()
      .filter((other) => other.definition.kind === kind && offers(other.definition, capability, catalogue));
    const names = fitting.map((other) => typeOf(other.definition)).join(", ") || "none";
    return { what: "Needs", text: `${kind} with "${capability}" (${names}): ${sentence(reason)}` };
  });

/** Components that require a capability of this kind which it lacks. */
const refusedWith = (definition: AnyDefinition, catalogue: Catalogue): Combination[] => {
  const missing = new Map<string, string[]>();
  for (const { definition: other } of catalogue.all())
    for (const { kind, capability } of requirementsByDefault(other))
      if (kind === definition.kind && !offers(definition, capability, catalogue))
        missing.set(capability, [...(missing.get(capability) ?? []), nameOf(other)]);
  return [...missing].map(([capability, all]) => {
    const names = [...new Set(all)];
    return {
      what: "Refused with",
      text: `${names.join(", ")}, which ${names.length > 1 ? "need" : "needs"} "${capability}"`,
    };
  });
};

/** For a posterior, the priors to which its KL has a closed form; for a prior, the posteriors. */
const exactKl = (definition: AnyDefinition, catalogue: Catalogue): Combination[] => {
  if (definition.kind !== "posterior" && definition.kind !== "prior") return [];
  if (definition.kind === "posterior" && !offers(definition, "density", catalogue)) return [];
  const other = definition.kind === "posterior" ? "prior" : "posterior";
  const family = familyOf(definition);
  const pairs = klPairs.filter((pair) => pair[definition.kind === "posterior" ? "q" : "p"] === family);
  const lines = catalogue
    .all()
    .filter(({ definition: { kind } }) => kind === other)
    .flatMap(({ definition: partner }) => {
      const pair = pairs.find((each) => each[other === "prior" ? "p" : "q"] === familyOf(partner));
      return pair ? [`${nameOf(partner)}: ${pair.formula} (${pair.source})`] : [];
    });
  const rest = lines.length === 0 ? `estimated from draws, whatever the ${other}` : "else estimated from draws";
  // Closed forms of a plugin's own distributions are in no table, and cannot be asked for before an engine is loaded.
  const isBuiltIn = catalogue.sourceOf(definition.kind, typeOf(definition)) === "vaelab";
  const own = "estimated from draws, except where klTo of the posterior's distribution has a closed form";
  return [...lines.map((text) => ({ what: "Exact KL", text })), { what: "KL", text: isBuiltIn ? rest : own }];
};

const EXAMPLES: readonly Omit<FieldSchema, "support">[] = [
  { kind: "image", shape: [28, 28, 1] },
  { kind: "vector", shape: [8] },
];

/** A row of a table: a number and a bit. */
const TABLE: FieldSchema = {
  kind: "vector",
  shape: [2],
  support: "real",
  columns: (["numeric", "binary"] as const).map((kind) => ({ name: kind, kind, width: 1 })),
};

/** Supported data, tested with a 28 x 28 image and a vector of each support, and with a table. */
const takes = (definition: AnyDefinition): Combination[] => {
  const { refuses } = definition;
  const answer = withDefaults(definition, refuses && ((fields) => (field: FieldSchema) => refuses(fields, field)));
  if (!answer) return [];
  const taken = new Map<string, string[]>();
  const reasons = new Map<string, string[]>();
  for (const example of EXAMPLES)
    for (const support of SUPPORTS) {
      const reason = answer({ ...example, support, ...(support === "categorical" && { classes: 10 }) });
      const into = reason === undefined ? taken : reasons;
      const key = reason ?? support;
      into.set(key, [
        ...(into.get(key) ?? []),
        reason === undefined ? `${example.kind}s` : `${support} ${example.kind}s`,
      ]);
    }
  const ofTable = answer(TABLE);
  if (ofTable !== undefined) reasons.set(ofTable, [...(reasons.get(ofTable) ?? []), "tables"]);
  const all = [
    ...[...taken].map(([support, kinds]) => `${support} ${kinds.join(" and ")}`),
    ...(ofTable === undefined ? ["tables"] : []),
  ];
  return [
    { what: "Takes", text: all.join(", ") || "nothing with its default fields" },
    ...[...reasons].map(([reason, fields]) => ({ what: "Refuses", text: `${fields.join(", ")}: ${sentence(reason)}` })),
  ];
};

const figuresOf = (definition: AnyDefinition): FigureText[] =>
  definition.kind !== "metric"
    ? []
    : Object.entries(definition.figures).map(([name, { title, unit, better, by = [], reading }]) => ({
        name,
        title,
        unit,
        better,
        by,
        reading,
      }));

export const componentText = ({ definition, source: from }: Entry, catalogue: Catalogue): ComponentText => ({
  kind: definition.kind,
  name: typeOf(definition),
  title: titleOf(definition.schema),
  description: descriptionOf(definition.schema),
  formula: definition.formula,
  source: definition.source,
  from,
  fields: fieldsOf(definition.schema),
  figures: figuresOf(definition),
  capabilities: definition.capabilities ? capabilitiesByDefault(definition, catalogue) : [],
  combines: [
    ...needs(definition, catalogue),
    ...exactKl(definition, catalogue),
    ...takes(definition),
    ...refusedWith(definition, catalogue),
  ],
});

export const capabilitiesText = ({ capabilities }: ComponentText): string =>
  capabilities === undefined ? "depend on its fields" : capabilities.join(", ") || "none declared";
