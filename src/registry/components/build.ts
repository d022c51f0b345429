/**
 * Resolved fields → the component: what stands in its slots is built first and handed to its factory in their place. Each
 * part gets the context of its kind, made for the JSON pointer where it stands, so that what it declares is named after it.
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
import { type Curve, Schedules } from "../../contracts/schedule.js";
import { firstLine, VaelabError } from "../../errors.js";
import type { AnyDefinition, Definition } from "../../spec/define.js";
import { isObject } from "../../storage/json.js";
import { ownedBy } from "../../tensor/owner.js";
import { inPlugin } from "../../tensor/plugin-frames.js";
import { childPointer } from "../reading/json.js";
import type { Catalogue } from "./catalogue.js";
import { partsOf } from "./parts.js";
import { type SchemaNode, schemaNode, schemaOfChild } from "./schema-nodes.js";

/** How to make a part's context, by kind: for the part itself and for what stands in its slots. */
export type ContextMakers = { readonly [K in Kind]?: (pointer: string) => Contexts[K] } & {
  /** Every schedule that is built joins these, named after its pointer: "objective.beta" of "/objective/beta". */
  readonly schedules?: Schedules;
};

export interface Builder {
  /** @throws CONTRACT: a factory that throws, a kind without context; a factory's own VaelabError passes through */
  build<K extends Kind>(
    kind: K,
    fields: ResolvedFields,
    pointer: string,
    contexts: ContextMakers,
  ): Promise<Products[K]>;
  /** Every definition that `build` uses for these fields: their own and those of what stands in their slots. */
  definitions(kind: Kind, fields: ResolvedFields): readonly AnyDefinition[];
  /** @throws CONTRACT: no such component */
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
      if (at?.component && here !== pointer) return build(at.component, value as ResolvedFields, here, contexts);
      const entries: [string, unknown][] = [];
      for (const [key, child] of Object.entries(value)) {
        entries.push([key, await slots(child, schemaOfChild(at, key), childPointer(here, key))]);
      }
      return Object.fromEntries(entries);
    };
    const args = await slots(fields, schemaNode(own.schema), pointer);
    const made = await create(own, args, contextOf(kind, fields, pointer, contexts), pointer);
    // What it computes is computed in its name, for complaints that have to say whose fault it is.
    return productOf(kind, ownedBy(`${kind}/${fields.type}`, made), pointer, contexts);
  };

  const definitions: Builder["definitions"] = (kind, fields) =>
    partsOf(fields, { component: kind }, catalogue).map((part) => part.definition);

  return { build, definition, definitions };
};

/** What a factory made is the product, but for a schedule, which gets its name here. */
const productOf = <K extends Kind>(
  kind: K,
  made: Awaited<Made[K]>,
  pointer: string,
  { schedules = new Schedules() }: ContextMakers,
): Products[K] => {
  if (kind !== "schedule") return made as Products[K];
  return schedules.add(pointer.slice(1).replaceAll("/", "."), made as Curve) as Products[K];
};

const contextOf = <K extends Kind>(
  kind: K,
  fields: ResolvedFields,
  pointer: string,
  contexts: ContextMakers,
): Contexts[K] => {
  const make = contexts[kind] as ((pointer: string) => Contexts[K]) | undefined;
  if (make) return make(pointer);
  if (kinds[kind].context === undefined) return {} as Contexts[K];
  const given = KINDS.filter((known) => contexts[known]).join(", ") || "none";
  const message = `the ${kind} "${fields.type}" cannot be built here: contexts are given for ${given}`;
  throw new VaelabError("CONTRACT", { where: pointer, message });
};

/** The fields were validated by the schema that the factory's argument is inferred from; the type is lost in between. */
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
