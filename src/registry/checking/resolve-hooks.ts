/** Runs the `resolve` hooks, which fill in defaults that depend on siblings, so that the resolved spec is complete. */

import { KINDS, type Kind, type ResolvedFields, type Siblings } from "../../contracts/kinds.js";
import { firstLine, VaelabError } from "../../errors.js";
import { inPlugin } from "../../tensor/plugin-frames.js";
import type { Catalogue } from "../components/catalogue.js";
import { memberOf, nameOf, type Part } from "../components/parts.js";
import type { Finding } from "./diagnostics.js";
import { findingsOf } from "./messages.js";
import { validatorOf } from "./validator.js";

/**
 * Runs in the order of KINDS (a decoder sees its resolved encoder), nested components first, and replaces fields in place. A
 * hook may refuse its siblings by throwing a VaelabError; breaking its own schema is a fault.
 * @param known kinds that are already resolved
 */
export const applyResolveHooks = (
  parts: readonly Part[],
  catalogue: Catalogue,
  known: readonly Kind[] = [],
): Finding[] => {
  // The parts of one latent or output are no siblings of another's.
  const siblings = siblingsByMember(parts);
  const findings: Finding[] = [];
  const ordered = [...parts].reverse().sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
  for (const part of ordered) {
    if (!part.definition.resolve || known.includes(part.kind)) continue;
    let resolved: ResolvedFields;
    try {
      resolved = part.definition.resolve(part.fields, siblings(memberOf(part)));
    } catch (error) {
      if (!(error instanceof VaelabError)) throw broken(part, `throws: ${firstLine(error)}${inPlugin(error)}`, error);
      for (const { where, message: what, remedy } of error.problems) {
        const message = where && where !== part.pointer ? `${where}: ${what}` : what;
        findings.push({ code: "SPEC_COMBINATION", pointer: part.pointer, message, ...(remedy && { remedy }) });
      }
      continue;
    }
    const filled = structuredClone(resolved) as ResolvedFields;
    const [fault] = findingsOf(validatorOf(catalogue).component(part.kind, part.fields.type, filled));
    if (fault) throw broken(part, `gives fields that its schema refuses: ${fault.pointer} ${fault.message}`);
    replaceFields(part.fields, filled);
  }
  return findings;
};

const siblingsByMember = (parts: readonly Part[]): ((member: string | undefined) => Siblings) => {
  const of = (member: string | undefined): Siblings => {
    const found: { [kind: string]: ResolvedFields } = {};
    for (const part of parts) if (part.outermost && memberOf(part) === member) found[part.kind] ??= part.fields;
    return found;
  };
  const shared = of(undefined);
  return (member) => (member === undefined ? shared : { ...shared, ...of(member) });
};

const broken = (part: Part, what: string, cause?: unknown): VaelabError =>
  new VaelabError("CONTRACT", { where: part.pointer, message: `resolve of the ${nameOf(part)} ${what}` }, { cause });

const replaceFields = (fields: ResolvedFields, by: ResolvedFields): void => {
  const target = fields as Record<string, unknown>;
  for (const key of Object.keys(target)) delete target[key];
  Object.assign(target, by);
};
