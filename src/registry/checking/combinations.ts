/**
 * Refuses combinations that cannot work before anything is built: unmet requirements, unsupported data, heads on missing
 * fields, a batch larger than the training split, a schedule longer than the run.
 */

import type { DataPlace, DatasetDescription } from "../../contracts/index.js";
import type { Kind, ModelShapes, ResolvedFields } from "../../contracts/kinds.js";
import { firstLine, VaelabError } from "../../errors.js";
import { append } from "../../numerics/lists.js";
import type { ResolvedSpec } from "../../spec/experiment-schema.js";
import { latentPlans } from "../../spec/latents.js";
import { outputPlans } from "../../spec/outputs.js";
import { canonicalJson } from "../../storage/json.js";
import { type FieldSchema, type FieldSchemas, sizeOf } from "../../tensor/fields.js";
import { inPlugin } from "../../tensor/plugin-frames.js";
import type { Catalogue } from "../components/catalogue.js";
import { areApart, nameOf, outputOf, type Part } from "../components/parts.js";
import { within } from "../reading/json.js";
import { capabilitiesOf, requirementsOf } from "./capabilities.js";
import { chainFindings } from "./chains.js";
import type { Finding } from "./diagnostics.js";
import { headFindings } from "./heads.js";
import { inspectDataset } from "./inspect.js";
import { latentFindings } from "./latents.js";
import { outputFindings } from "./outputs.js";
import { readFindings } from "./reads.js";

/** Limit of the int32 step counter of optimizer graphs; no run comes near it. */
const MOST_STEPS = 2 ** 31 - 1;

export interface CombinationContext {
  catalogue: Catalogue;
  /** Folder of the data. */
  data: DataPlace;
  /** Description of the data, if already known. */
  description?: DatasetDescription;
  /** Receives one-line progress of slow data reading. */
  progress?: ((line: string) => void) | undefined;
  /** Cache, so that the settings of a sweep inspect the same data once. */
  inspections: Map<string, Inspection>;
  /** undefined if these fields are invalid. */
  training: TrainingLength | undefined;
  /** Undefined if the form of its latents is invalid. */
  model: ResolvedSpec["model"] | undefined;
}

interface TrainingLength {
  epochs: number;
  batchSize: number;
  /** Steps before weight averaging starts. */
  averagedFrom: number;
}

export interface Inspection {
  description?: DatasetDescription;
  findings: readonly Finding[];
}

/** @param parts parts that pass their schema, including nested parts */
export const combinationFindings = (
  parts: readonly Part[],
  { catalogue, data, description: known, progress, inspections, training, model }: CombinationContext,
): Finding[] => {
  const dataset = parts.find(({ kind, outermost }) => kind === "dataset" && outermost);
  const { description, findings: unreadable } = inspectOnce(
    dataset,
    (fields) => known ?? inspectDataset(fields, data, catalogue, progress),
    inspections,
  );
  const findings = [...unreadable];
  const hasLabelLatent = Object.values(model?.latents ?? {}).some(({ observed }) => observed !== undefined);
  // Evaluated for every part, so that misspelled capabilities are found even if nothing requires them.
  for (const part of parts) capabilitiesOf(part);
  append(
    findings,
    parts.flatMap((part) => requirementFindings(part, parts, hasLabelLatent)),
  );
  append(findings, repeatedMetrics(parts));
  if (model) append(findings, latentFindings(model, parts, description));
  if (!description) return findings;
  append(findings, fieldFindings(parts, description));
  append(findings, exampleFindings(parts, description));
  append(findings, headFindings(parts, description, Object.keys(model?.outputs ?? {})));
  append(findings, readFindings(parts, description));
  if (model) {
    append(findings, outputFindings(model, parts, description));
    append(findings, chainFindings(parts, networkShapes(model, description), catalogue));
  }
  if (training) append(findings, durationFindings(parts, training, description.sizes.train));
  return findings;
};

const refuse = (pointer: string, message: string, more: Pick<Finding, "remedy" | "instead"> = {}): Finding => ({
  code: "SPEC_COMBINATION",
  pointer,
  message,
  ...more,
});

/** What the network of a part sees: a decoder the latents of its output, every other part all of them. */
const networkShapes = (
  model: ResolvedSpec["model"],
  { fields, modeled }: DatasetDescription,
): ((part: Part) => ModelShapes | undefined) => {
  const latents = latentPlans(model, fields);
  const outputs = outputPlans(model, modeled);
  return (part) => {
    const name = outputOf(part) ?? modeled;
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const output = part.kind === "decoder" ? outputs.find((each) => each.field === name) : undefined;
    const seen = latents.filter((latent) => output?.generatedFrom?.includes(latent.name) ?? true);
    const size = seen.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    return field && { field, latent: [size] };
  };
};

type Inspect = (fields: ResolvedFields) => DatasetDescription | undefined;

const inspectOnce = (part: Part | undefined, ask: Inspect, inspections: Map<string, Inspection>): Inspection => {
  if (!part) return { findings: [] };
  const key = canonicalJson(part.fields);
  const inspection = inspections.get(key) ?? inspect(part, ask);
  inspections.set(key, inspection);
  return inspection;
};

const inspect = (part: Part, ask: Inspect): Inspection => {
  try {
    const description = ask(part.fields);
    return { ...(description && { description }), findings: [] };
  } catch (error) {
    if (error instanceof VaelabError) {
      const findings = error.problems.map(({ where, message, remedy }) =>
        refuse(
          part.pointer,
          where && where !== part.pointer ? `${where}: ${message}` : message,
          remedy === undefined ? {} : { remedy },
        ),
      );
      return { findings };
    }
    const message = `inspect of the ${nameOf(part)} throws: ${firstLine(error)}${inPlugin(error)}`;
    throw new VaelabError("CONTRACT", { where: part.pointer, message }, { cause: error });
  }
};

/** Kinds that a spec may have none of, with what would have them. */
const LISTED: Readonly<Partial<Record<Kind, { owner: string; pointer: string }>>> = {
  head: { owner: "the model", pointer: "/model" },
  sampler: { owner: "the evaluation", pointer: "/evaluation" },
};

const requirementFindings = (part: Part, parts: readonly Part[], hasLabelLatent: boolean): Finding[] =>
  requirementsOf(part).flatMap(({ kind, capability, within: place, reason }) => {
    if (place === "slots") {
      const unfit = part.inner.filter((other) => other.kind === kind && !capabilitiesOf(other).includes(capability));
      return unfit.map((other) => {
        const message = `the ${nameOf(part)} needs ${kind}s with "${capability}", which ${nameOf(other)} does not have`;
        return refuse(other.pointer, message, { remedy: reason });
      });
    }
    // Only direct parts of the model count, not parts nested in other components; within a latent or an output, its own.
    const others = parts.filter(
      (other) => other.kind === kind && other.outermost && other !== part && !areApart(part, other),
    );
    const able = (other: Part): boolean => capabilitiesOf(other).includes(capability);
    // What is asked of the model is asked of all of its latents and outputs.
    const isOfEach = kind === "posterior" || kind === "prior" || kind === "likelihood";
    if (others.length > 0 && (isOfEach ? others.every(able) : others.some(able))) return [];
    if (kind === "head" && capability === "predicts" && hasLabelLatent) return [];
    if (others.length === 0) {
      // Every other kind is present unless it is invalid.
      const place = LISTED[kind];
      if (!place) return [];
      const message = `the ${nameOf(part)} needs a ${kind} with "${capability}", but ${place.owner} has no ${kind}s`;
      return [refuse(part.pointer, message, { remedy: reason, instead: place.pointer })];
    }
    const unable = others.filter((other) => !able(other));
    const message = `the ${nameOf(part)} needs a ${kind} with "${capability}", which ${unable.map(nameOf).join(" and ")} ${unable.length > 1 ? "do" : "does"} not have`;
    return [refuse(part.pointer, message, { remedy: reason, instead: unable[0]!.pointer })];
  });

/** Figures are stored by name, so a metric listed twice would overwrite its own figures. */
const repeatedMetrics = (parts: readonly Part[]): Finding[] => {
  const metrics = parts.filter(({ kind, outermost }) => kind === "metric" && outermost);
  return metrics.flatMap((part, index) => {
    const first = metrics.find(({ fields }) => fields.type === part.fields.type)!;
    if (metrics.indexOf(first) === index) return [];
    const message = `the ${nameOf(part)} is listed twice, also at ${first.pointer}, and the figures of one would replace those of the other`;
    return [refuse(part.pointer, message, { remedy: "Keep one of the two." })];
  });
};

/** Each part with what it models of the field: a slot of a likelihood may be for a part of it, or for none. */
const fieldsOf = (parts: readonly Part[], field: FieldSchema, fields: FieldSchemas): (readonly [Part, FieldSchema])[] =>
  parts.flatMap((part) => {
    const { definition, inner, pointer } = part;
    const within = inner.flatMap((each) => {
      const own = definition.slotField
        ? definition.slotField(each.pointer.slice(pointer.length + 1), field, fields)
        : field;
      return own ? fieldsOf([each], own, fields) : [];
    });
    return [[part, field] as const, ...within];
  });

/** "the field "x"", or columns of it. */
const namedField = (name: string, whole: FieldSchema, { columns = [] }: FieldSchema): string => {
  if (columns.length === (whole.columns?.length ?? 0)) return `the field "${name}"`;
  const shown = columns.slice(0, 3).map((column) => JSON.stringify(column.name));
  return `the columns ${shown.join(", ")}${columns.length > 3 ? ", ..." : ""} of the field "${name}"`;
};

/** Deduplicates reasons: a decoder that mirrors its encoder repeats them. */
const fieldFindings = (parts: readonly Part[], { fields, modeled }: DatasetDescription): Finding[] => {
  const reasons = new Set<string>();
  return parts
    .filter((part) => part.outermost)
    .flatMap((outer) => {
      const name = outputOf(outer) ?? modeled;
      const whole = Object.hasOwn(fields, name) ? fields[name] : undefined;
      return (whole ? fieldsOf([outer], whole, fields) : []).flatMap(([part, field]) => {
        const reason = part.definition.refuses?.(part.fields, field);
        const key = `${name} ${reason}`;
        if (!whole || !reason || reasons.has(key)) return [];
        reasons.add(key);
        const other = Object.keys(fields).find((each) => fields[each] === field) ?? name;
        const named = namedField(other, other === name ? whole : field, field);
        const message = `the ${nameOf(part)} cannot take ${named}: ${reason}`;
        return [refuse(part.pointer, message, { instead: name === modeled ? "/data" : `/model/outputs/${name}` })];
      });
    });
};

const exampleFindings = (parts: readonly Part[], { sizes }: DatasetDescription): Finding[] =>
  parts.flatMap((part) => {
    const count = "examples" in part.definition ? (part.definition.examples?.(part.fields) ?? 0) : 0;
    if (count <= sizes.train) return [];
    const message = `the ${nameOf(part)} is initialized from ${count} training examples, but there are ${sizes.train}`;
    return [refuse(part.pointer, message, { remedy: "Give it fewer of them, or more data.", instead: "/data" })];
  });

const durationFindings = (
  parts: readonly Part[],
  { epochs, batchSize, averagedFrom }: TrainingLength,
  size: number,
): Finding[] => {
  if (batchSize > size) {
    const message = `a batch of ${batchSize} is larger than the training split, which has ${size} examples`;
    return [refuse("/training/batchSize", message, { remedy: `At most ${size} fit.`, instead: "/data" })];
  }
  const stepsAnEpoch = Math.floor(size / batchSize);
  const total = epochs * stepsAnEpoch;
  if (total > MOST_STEPS) {
    const most = Math.floor(MOST_STEPS / stepsAnEpoch);
    const message = `${epochs} epochs of ${stepsAnEpoch} steps exceed the maximum of ${MOST_STEPS} steps`;
    return [refuse("/training/epochs", message, { remedy: `At most ${most} fit.`, instead: "/training" })];
  }
  const count = (n: number, unit: string): string => `${n} ${unit}${n === 1 ? "" : "s"}`;
  const run = `the run has ${total}: ${count(epochs, "epoch")} of ${stepsAnEpoch}`;
  const enough = (steps: number): string => count(Math.ceil(steps / stepsAnEpoch), "epoch");
  const late =
    averagedFrom < total
      ? []
      : [
          refuse("/training/ema/start", `weight averaging starts after ${count(averagedFrom, "step")}, but ${run}`, {
            remedy: `Start it earlier, or train for at least ${enough(averagedFrom + 1)}.`,
          }),
        ];
  const long = parts.flatMap((part) => {
    if (part.kind !== "schedule" || within(part.pointer, "/evaluation")) return [];
    const duration = part.definition.duration?.(part.fields, { totalSteps: total });
    if (duration === undefined || duration <= total) return [];
    const message = `the ${nameOf(part)} takes ${count(duration, "step")}, but ${run}`;
    return [refuse(part.pointer, message, { remedy: `Shorten it, or train for at least ${enough(duration)}.` })];
  });
  return [...late, ...long];
};
