/**
 * Capabilities that components declare and require of each other. Plugins may be untyped, so names are validated at run time.
 */
import {
  KINDS,
  type Kind,
  kinds,
  type Requirement,
  type ResolvedFields,
  type SlotCapabilities,
} from "../../contracts/kinds.js";
import { VaelabError } from "../../errors.js";
import { type AnyDefinition, typeOf } from "../../spec/define.js";
import type { Part } from "../components/parts.js";
import { suggest } from "../reading/nearest.js";

/** "a prior", "an encoder". */
export const withArticle = (kind: string): string => (/^[aeiou]/.test(kind) ? `an ${kind}` : `a ${kind}`);

/** A component as written; `pointer` is its place in the spec. */
interface Written {
  definition: AnyDefinition;
  fields: ResolvedFields;
  pointer?: string;
  /** What stands in its slots. */
  inner?: readonly Part[];
}

const fault = ({ pointer }: Written, message: string, remedy: string): VaelabError =>
  new VaelabError("CONTRACT", { ...(pointer !== undefined && { where: pointer }), message, remedy });
const nameOf = ({ definition }: Written): string => `${definition.kind} "${typeOf(definition)}"`;

/** @throws CONTRACT */
const checkCapability = (component: Written, hook: string, kind: Kind, capability: string): void => {
  const known: readonly string[] = kinds[kind].capabilities;
  if (known.includes(capability) || /^[^/]+\/[^/]+$/.test(capability)) return;
  throw fault(
    component,
    `${hook} of the ${nameOf(component)} names ${JSON.stringify(capability)}, which is not a capability of ${withArticle(kind)}`,
    `${suggest(String(capability), known)}. A capability of your own has a slash in its name, as in "mine/${capability}".`,
  );
};

/** Capabilities of the component with these fields. @throws CONTRACT for an unknown capability */
export const capabilitiesOf = (component: Written): readonly string[] => {
  const { definition, fields } = component;
  const slots: SlotCapabilities = {
    all: (kind, capability) =>
      (component.inner ?? []).every((part) => part.kind !== kind || capabilitiesOf(part).includes(capability)),
  };
  const capabilities = definition.capabilities?.(fields, slots) ?? [];
  for (const capability of capabilities) checkCapability(component, "capabilities", definition.kind, capability);
  return capabilities;
};

export const able = (component: Written, capability: string): boolean => capabilitiesOf(component).includes(capability);

/** Requirements of the component with these fields. @throws CONTRACT for an unknown kind or capability */
export const requirementsOf = (component: Written): readonly Requirement[] => {
  const { definition, fields } = component;
  const requirements = definition.requires?.(fields) ?? [];
  for (const { kind, capability } of requirements) {
    if (!KINDS.includes(kind))
      throw fault(
        component,
        `requires of the ${nameOf(component)} names the kind ${JSON.stringify(kind)}`,
        suggest(String(kind), KINDS),
      );
    checkCapability(component, "requires", kind, capability);
  }
  return requirements;
};
