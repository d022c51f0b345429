/**
 * Builds a component from resolved fields. Components in its slots are built first and passed to its factory in their place.
 * Each part gets the context of its kind for its JSON pointer, so that its declarations are named after that pointer.
 */
import {
  type Contexts,
  KINDS,
  type Kind,
  kinds,
  type Made,
  type Products,
  type ResolvedFields,
} from "../../contracts/kinds.js";
import { type Curve, type ScheduleRole, Schedules } from "../../contracts/schedule.js";
import type { KeptDescription, Unseen } from "../../contracts/unseen.js";
import { firstLine, VaelabError } from "../../errors.js";
import type { AnyDefinition, Definition } from "../../spec/define.js";
import { experimentSchema, type ResolvedSpec } from "../../spec/experiment-schema.js";
import { isObject } from "../../storage/json.js";
import { ownedBy } from "../../tensor/owner.js";
import { inPlugin } from "../../tensor/plugin-frames.js";
import { childPointer } from "../reading/json.js";
import type { Catalogue } from "./catalogue.js";
import { inPackage } from "./data-package.js";
import { partsOf } from "./parts.js";
import { type SchemaNode, schemaNode, schemaOfChild } from "./schema-nodes.js";

/** Makes contexts by kind, for the part and for the components in its slots. */
export type ContextMakers = { readonly [K in Kind]?: (pointer: string) => Contexts[K] } & {
  /** Collects every schedule under the name of its pointer: "objective.beta" for "/objective/beta". */
  readonly schedules?: Schedules;
};

export interface Builder {
  /** @throws CONTRACT if a factory throws or a kind has no context; a VaelabError of a factory passes through */
  build<K extends Kind>(
    kind: K,
    fields: ResolvedFields,
    pointer: string,
    contexts: ContextMakers,
  ): Promise<Products[K]>;
  /** Every definition that `build` uses for these fields: their own and those of what stands in their slots. */
  definitions(kind: Kind, fields: ResolvedFields): readonly AnyDefinition[];
  /** How examples that the data set of a spec does not hold are prepared: by it, or by the one that it is derived from. */
  unseen(data: ResolvedFields, kept: KeptDescription): Unseen;
  /** What each schedule of a resolved spec is for, if its slot says so, by the schedule's name. */
  scheduleRoles(spec: ResolvedSpec): ReadonlyMap<string, ScheduleRole>;
  /** @throws CONTRACT if there is no such component */
  definition<K extends Kind>(kind: K, type: string): Definition<K>;
}

export const createBuilder = (catalogue: Catalogue): Builder => {
  const definition = <K extends Kind>(kind: K, type: string): Definition<K> => {
    const found = catalogue.get(kind, type);
    if (!found) throw new VaelabError("CONTRACT", { message: `no ${kind} "${type}" is registered` });
    return found;
  };

  const build = async <K extends Kind>(
    kind: K,
    fields: ResolvedFields,
    pointer: string,
    contexts: ContextMakers,
  ): Promise<Products[K]> => {
    const own = definition(kind, fields.type);
    const slots = async (value: unknown, at: SchemaNode | undefined, here: string): Promise<unknown> => {
      if (Array.isArray(value)) {
        const items: unknown[] = [];
        for (const [index, item] of value.entries()) {
          items.push(await slots(item, schemaOfChild(at, index), childPointer(here, index)));
        }
        return items;
      }
      if (!isObject(value)) return value;
      if (at?.component && here !== pointer) {
        const { component, deferred } = at;
        const inner = (among: ContextMakers): Promise<unknown> =>
          build(component, value as ResolvedFields, here, among);
        return deferred ? (own: object) => inner(withOwn(contexts, component, own)) : inner(contexts);
      }
      const entries: [string, unknown][] = [];
      for (const [key, child] of Object.entries(value)) {
        entries.push([key, await slots(child, schemaOfChild(at, key), childPointer(here, key))]);
      }
      return Object.fromEntries(entries);
    };
    const args = await slots(fields, schemaNode(own.schema), pointer);
    const made = await create(own, args, contextOf(own, fields, pointer, contexts), pointer);
    // Runs its methods under its name, so that errors name the responsible component.
    return productOf(kind, ownedBy(`${kind}/${fields.type}`, made), pointer, contexts);
  };

  const definitions: Builder["definitions"] = (kind, fields) =>
    partsOf(fields, { component: kind }, catalogue).map((part) => part.definition);

  const unseen: Builder["unseen"] = (data, kept) => {
    for (const { definition, fields } of partsOf(data, { component: "dataset" }, catalogue)) {
      const made = definition.kind === "dataset" ? definition.unseen?.(fields, kept) : undefined;
      if (made) return made;
    }
    return {};
  };

  const scheduleRoles: Builder["scheduleRoles"] = (spec) =>
    new Map(
      partsOf(spec, schemaNode(experimentSchema), catalogue).flatMap(({ pointer, role }) =>
        role ? [[scheduleName(pointer), role] as const] : [],
      ),
    );

  return { build, definition, definitions, unseen, scheduleRoles };
};

/** "objective.beta" of "/objective/beta". */
const scheduleName = (pointer: string): string => pointer.slice(1).replaceAll("/", ".");

/** The contexts in which a deferred slot is built: those of its kind have what its owner states. */
const withOwn = (contexts: ContextMakers, kind: Kind, own: object): ContextMakers => {
  const make = contexts[kind] as ((pointer: string) => object) | undefined;
  return { ...contexts, [kind]: (pointer: string) => ({ ...make?.(pointer), ...own }) };
};

/** Returns the product of the factory; schedules get their name here. */
const productOf = <K extends Kind>(
  kind: K,
  made: Awaited<Made[K]>,
  pointer: string,
  { schedules = new Schedules() }: ContextMakers,
): Products[K] => {
  if (kind !== "schedule") return made as Products[K];
  return schedules.add(scheduleName(pointer), made as Curve) as Products[K];
};

const contextOf = <K extends Kind>(
  definition: Definition<K>,
  fields: ResolvedFields,
  pointer: string,
  contexts: ContextMakers,
): Contexts[K] => {
  const { kind } = definition;
  const make = contexts[kind] as ((pointer: string) => Contexts[K]) | undefined;
  if (make) return inPackage(definition, make(pointer));
  if (kinds[kind].context === undefined) return {} as Contexts[K];
  const given = KINDS.filter((known) => contexts[known]).join(", ") || "none";
  const message = `the ${kind} "${fields.type}" cannot be built here: contexts are given for ${given}`;
  throw new VaelabError("CONTRACT", { where: pointer, message });
};

/**
 * The type is lost in between: the fields were validated by the schema from which the factory's argument type is inferred.
 */
const create = async <K extends Kind>(
  definition: Definition<K>,
  args: unknown,
  context: Contexts[K],
  pointer: string,
): Promise<Awaited<Made[K]>> => {
  try {
    return await definition.create(args as never, context);
  } catch (error) {
    if (error instanceof VaelabError) throw error;
    const { type } = args as ResolvedFields;
    const message = `the ${definition.kind} "${type}" throws while it is built: ${firstLine(error)}${inPlugin(error)}`;
    throw new VaelabError("CONTRACT", { where: pointer, message }, { cause: error });
  }
};
