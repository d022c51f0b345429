/** Checks the fields of heads against the data and the other heads of the model. */
import type { DatasetDescription, HeadPlan } from "../../contracts/index.js";
import { LATENT } from "../../contracts/model.js";
import { nameOf, type Part } from "../components/parts.js";
import { childPointer } from "../reading/json.js";
import { suggest } from "../reading/nearest.js";
import type { Finding } from "./diagnostics.js";

interface Planned {
  part: Part;
  plan: HeadPlan;
}

/** @param outputs that the spec names */
export const headFindings = (
  parts: readonly Part[],
  data: DatasetDescription,
  outputs: readonly string[] = [],
): Finding[] => {
  const generated = [data.modeled, ...outputs];
  const heads = parts.flatMap((part): Planned[] => {
    const plan = part.outermost ? part.definition.plan?.(part.fields) : undefined;
    return plan ? [{ part, plan }] : [];
  });
  return heads.flatMap((head, i) => {
    const { part } = head;
    const fault = faultOfField(head, data, generated) ?? faultOfPair(head, heads.slice(0, i));
    if (!fault) return [];
    const { message, remedy, at } = fault;
    const pointer = at === undefined ? part.pointer : childPointer(part.pointer, at);
    const instead = outputs.includes(head.plan.field) ? `/model/outputs/${head.plan.field}` : "/data";
    return [{ code: "SPEC_COMBINATION", pointer, message, remedy, instead } satisfies Finding];
  });
};

interface Fault {
  message: string;
  remedy: string;
  at?: string;
}

const faultOfField = (
  { part, plan }: Planned,
  { fields, partial = [] }: DatasetDescription,
  generated: readonly string[],
): Fault | undefined => {
  const { field: name, role } = plan;
  const others = Object.keys(fields).filter((each) => !generated.includes(each));
  const at = Object.keys(part.fields).find((key) => part.fields[key] === name);
  const said = (message: string, remedy: string): Fault => ({ message, remedy, ...(at !== undefined && { at }) });
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (!field) return said(`the data have no field ${JSON.stringify(name)}`, suggest(name, others));
  if (generated.includes(name))
    return said(
      `the ${nameOf(part)} is about "${name}", and the model generates that field`,
      `A head needs another field: ${others.join(", ") || "the data have no other"}`,
    );
  if (name === LATENT)
    return said(`a field cannot be named "${LATENT}", the name of the latent`, "Give it another name in the data.");
  if (role === "condition") {
    if (!partial.includes(name)) return undefined;
    return said(
      `the ${nameOf(part)} needs "${name}" for every example, but the data lack it for some`,
      'A latent that stands for the label ("observed") infers missing labels.',
    );
  }
  if (field.support === "categorical" && field.shape.length === 0) return undefined;
  const labels = others.filter((each) => fields[each]!.support === "categorical" && fields[each]!.shape.length === 0);
  return said(
    `the ${nameOf(part)} needs a label, one category per example, but "${name}" is not a label`,
    labels.length ? `Labels of these data: ${labels.join(", ")}` : "The data have no label.",
  );
};

const faultOfPair = ({ part, plan }: Planned, before: readonly Planned[]): Fault | undefined => {
  for (const other of before) {
    const names = `the ${nameOf(part)} at ${part.pointer} and the ${nameOf(other.part)} at ${other.part.pointer}`;
    const [one, two] = [plan, other.plan];
    if (one.field !== two.field) continue;
    const target = [one, two].find(({ role }) => role === "target");
    if (!target)
      return {
        message: `${names} both condition on "${one.field}"`,
        remedy: "Use one head and set in it which parts see the field.",
      };
    const seer = one === target ? two : one;
    if (seer.role === "target")
      return { message: `${names} both predict "${one.field}"`, remedy: "Keep one of the two." };
    if (seer.seenBy.encoder)
      return {
        message: `${names} show "${one.field}" to the encoder and then predict it from the code`,
        remedy: 'Set "encoder" to false in the condition, or remove the prediction.',
      };
  }
  return undefined;
};
