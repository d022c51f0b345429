/**
 * Hands the decoder, likelihood and latents that stand in `model` to those of `model.outputs` that have none. What is handed on keeps
 * its origin, so that errors name the line where it is written.
 */
import { outputParts } from "../../spec/outputs-schema.js";
import { type Traced, type TracedObject, withEntry, withoutEntry } from "./traced.js";

const SHARED = Object.keys(outputParts);

export const shareOutputDefaults = (spec: Traced): Traced => {
  const model = spec.kind === "object" ? spec.entries.get("model") : undefined;
  const outputs = model?.kind === "object" ? model.entries.get("outputs") : undefined;
  if (spec.kind !== "object" || model?.kind !== "object" || outputs?.kind !== "object") return spec;
  const shared = SHARED.flatMap((name) => {
    const part = model.entries.get(name);
    return part ? [[name, part] as const] : [];
  });
  const filled = [...outputs.entries].map(([field, output]): [string, Traced] => {
    if (output.kind !== "object") return [field, output];
    return [field, { ...output, entries: new Map([...shared, ...output.entries]) }];
  });
  const own = SHARED.reduce<TracedObject>(withoutEntry, model);
  return withEntry(spec, "model", withEntry(own, "outputs", { ...outputs, entries: new Map(filled) }));
};
