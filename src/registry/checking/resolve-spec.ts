/**
 * A merged spec without its sweep → the resolved spec, or all of its faults:
 *
 *     merged ─ normalize ─► {type} everywhere ─ ajv ─► defaults filled ─ resolve hooks ─► resolved ─ combinations ─► checked
 *
 * A part that fails its schema is excluded from later checks, so that one fault gives one line.
 */
import { append } from "../../numerics/lists.js";
import { experimentSchema, type ResolvedSpec } from "../../spec/experiment-schema.js";
import { fillLatents, withoutShorthand } from "../../spec/latents.js";
import { isObject } from "../../storage/json.js";
import type { Catalogue } from "../components/catalogue.js";
import { partsOf } from "../components/parts.js";
import { schemaNode } from "../components/schema-nodes.js";
import { deepFreeze } from "../reading/json.js";
import { normalize } from "../reading/normalize.js";
import { shareOutputDefaults } from "../reading/share-defaults.js";
import { type Origins, originsOf, plain, type TracedObject, withoutEntry } from "../reading/traced.js";
import { type CombinationContext, combinationFindings } from "./combinations.js";
import { type Finding, soundness } from "./diagnostics.js";
import { latentFormFindings } from "./latents.js";
import { findingsOf } from "./messages.js";
import { applyResolveHooks } from "./resolve-hooks.js";
import { precisionFindings } from "./single-precision.js";
import { validatorOf } from "./validator.js";
import { resolveWarmStart } from "./warm-start.js";

export interface Resolution {
  /** Frozen; undefined if there are diagnostics. */
  spec: ResolvedSpec | undefined;
  findings: readonly Finding[];
  origins: Origins;
}

export const experimentNode = schemaNode(experimentSchema);

/** Folder of the data, and the descriptions found so far. */
export interface Place extends Pick<CombinationContext, "data" | "description" | "inspections" | "progress"> {
  /** Set for the resolved spec of a run: content from other runs is already filled in, and those runs may have moved. */
  isResolved?: boolean;
}

export const resolveSpec = (merged: TracedObject, catalogue: Catalogue, place: Place): Resolution => {
  const tree = shareOutputDefaults(normalize(withoutEntry(merged, "$schema"), experimentNode, catalogue));
  const origins = originsOf(tree);
  const value = plain(tree);
  mirrorDecoder(value, catalogue);
  const written = isObject(value) && isObject(value.model) ? value.model : {};
  fillLatents(written);
  const findings: Finding[] = [];
  withoutShorthand(written, () => append(findings, findingsOf(validatorOf(catalogue).experiment(value))));
  const sound = soundness(findings);
  const model = modelOf(value, sound);
  if (model) append(findings, latentFormFindings(model));
  const parts = partsOf(value, experimentNode, catalogue).filter(({ pointer }) => sound(pointer));
  const { isResolved = false, ...at } = place;
  append(findings, applyResolveHooks(parts, catalogue, isResolved ? ["dataset"] : []));
  if (!isResolved && sound("/warmStart") && isObject(value))
    append(findings, resolveWarmStart(value as Record<string, unknown>));
  const checked = partsOf(value, experimentNode, catalogue).filter(({ pointer }) => sound(pointer));
  const training = sound("/training") && isObject(value) ? value.training : undefined;
  append(
    findings,
    combinationFindings(checked, {
      ...at,
      catalogue,
      model: model && latentFormFindings(model).length === 0 ? model : undefined,
      training: isObject(training)
        ? {
            epochs: Number(training.epochs),
            batchSize: Number(training.batchSize),
            averagedFrom: isObject(training.ema) ? Number(training.ema.start) : 0,
          }
        : undefined,
    }),
  );
  append(findings, precisionFindings(value, sound));
  // ajv has validated it against the schema that the type is inferred from.
  return { spec: findings.length ? undefined : (deepFreeze(value) as unknown as ResolvedSpec), findings, origins };
};

/** The model, if the form of its latents is sound. */
const modelOf = (value: unknown, sound: (pointer: string) => boolean): ResolvedSpec["model"] | undefined => {
  const model = isObject(value) ? value.model : undefined;
  const isSound = ["latent", "latents", "generatedFrom", "outputs"].every((key) => sound(`/model/${key}`));
  return isObject(model) && isSound ? (model as unknown as ResolvedSpec["model"]) : undefined;
};

/** The default decoder has the name of the encoder, if such a decoder exists and requires no field. */
const mirrorDecoder = (value: unknown, catalogue: Catalogue): void => {
  if (!isObject(value) || !isObject(value.model)) return;
  const { encoder, outputs } = value.model;
  const type = isObject(encoder) ? encoder.type : undefined;
  const mirror = typeof type === "string" ? catalogue.get("decoder", type) : undefined;
  if (!mirror || schemaNode(mirror.schema).required?.length !== 1) return;
  const owners: unknown[] = isObject(outputs) ? Object.values(outputs) : [value.model];
  for (const owner of owners) if (isObject(owner) && !("decoder" in owner)) Object.assign(owner, { decoder: { type } });
};
