/** Finds the components of a spec by walking it along its schema. */
import type { Kind, ResolvedFields } from "../../contracts/kinds.js";
import type { ScheduleRole } from "../../contracts/schedule.js";
import type { AnyDefinition, Definition } from "../../spec/define.js";
import { isObject } from "../../storage/json.js";
import { childPointer } from "../reading/json.js";
import type { Catalogue } from "./catalogue.js";
import { type SchemaNode, schemaNode, schemaOfChild } from "./schema-nodes.js";

export interface Part {
  kind: Kind;
  pointer: string;
  fields: ResolvedFields;
  definition: AnyDefinition;
  /** What its slot says that a schedule is for. */
  role?: ScheduleRole;
  /** Whether it is in a slot of the experiment, not of another component. */
  outermost: boolean;
  /** The components in its slots. */
  inner: readonly Part[];
}

/** The latent or the output of a part, by its pointer: "latents/z2" of "/model/latents/z2/prior"; undefined for parts that all share. */
export const memberOf = ({ pointer }: Pick<Part, "pointer">): string | undefined =>
  /^\/model\/((?:latents|outputs)\/[^/]+)\//.exec(pointer)?.[1];

/** The output of a part, by its pointer; undefined for the parts of all outputs. */
export const outputOf = (part: Pick<Part, "pointer">): string | undefined =>
  /^outputs\/(.*)/.exec(memberOf(part) ?? "")?.[1];

/** Whether two parts belong to different latents, or to different outputs. */
export const areApart = (a: Part, b: Part): boolean => {
  const [one, other] = [memberOf(a), memberOf(b)];
  return one !== undefined && other !== undefined && one !== other && one.split("/")[0] === other.split("/")[0];
};

/** Outer parts come before nested ones. Slots of unknown type are skipped with their content. */
export const partsOf = (value: unknown, schema: SchemaNode, catalogue: Catalogue): Part[] => {
  const parts: Part[] = [];
  const visit = (node: unknown, at: SchemaNode | undefined, pointer: string, owner: Part[] | undefined): void => {
    if (!at) return;
    if (Array.isArray(node)) {
      for (const [index, item] of node.entries()) {
        visit(item, schemaOfChild(at, index), childPointer(pointer, index), owner);
      }
    }
    if (!isObject(node)) return;
    let inner = at;
    let within = owner;
    if (at.component) {
      const type = node.type;
      const found = typeof type === "string" ? catalogue.get(at.component, type) : undefined;
      if (!found) return;
      // Its kind is the one that the slot asks for.
      const definition = found as Definition as AnyDefinition;
      within = [];
      const fields = node as ResolvedFields;
      const part: Part = { kind: at.component, pointer, fields, definition, outermost: !owner, inner: within };
      if (at.role) part.role = at.role;
      parts.push(part);
      owner?.push(part);
      inner = schemaNode(definition.schema);
    }
    for (const [key, child] of Object.entries(node)) {
      visit(child, schemaOfChild(inner, key), childPointer(pointer, key), within);
    }
  };
  visit(value, schema, "", undefined);
  return parts;
};

export const nameOf = ({ kind, fields }: Pick<Part, "kind" | "fields">): string => `${kind} "${fields.type}"`;
