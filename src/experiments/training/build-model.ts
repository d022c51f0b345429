/** Builds the model of a resolved spec: heads → encoder → latents → likelihood and decoder of each output. */
import type { Split } from "../../contracts/dataset.js";
import type { Encoder } from "../../contracts/encoder.js";
import type { Head, LabelCounts } from "../../contracts/head.js";
import type { Contexts, Kind, Products, ResolvedFields } from "../../contracts/kinds.js";
import type { Model } from "../../contracts/model.js";
import type { Schedules } from "../../contracts/schedule.js";
import { fieldRouting } from "../../models/field-routing.js";
import { initializePriors, isInitializedFromData } from "../../models/initialize-priors.js";
import { joinParts, type Output } from "../../models/joined-parts.js";
import { labelHead } from "../../models/label-head.js";
import { latentVariableModel } from "../../models/latent-variable-model.js";
import { areFeaturesRead, type Latent, type Source, sourcesOf } from "../../models/latents.js";
import { featureShapes, networkInputs, type SourceShapes } from "../../models/sources.js";
import { sizeSideBySide } from "../../nn/index.js";
import { mapValues } from "../../numerics/records.js";
import { able } from "../../registry/checking/capabilities.js";
import type { Builder, ContextMakers } from "../../registry/components/build.js";
import type { ResolvedSpec } from "../../spec/experiment-schema.js";
import { type LatentPlan, latentPlans, supportsOf } from "../../spec/latents.js";
import { encodedOutputs, type OutputPlan, outputPlans } from "../../spec/outputs.js";
import type { FieldSchemas, Shape } from "../../tensor/fields.js";
import type { ParameterScope, ParameterStore } from "../../tensor/parameters.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { RunDataset } from "./kept-data.js";
import { type ExampleSource, exampleSource, labelCounts } from "./training-examples.js";

/** Shared inputs for building the parts of a run. */
export interface Workshop {
  spec: ResolvedSpec;
  dataset: RunDataset;
  builder: Builder;
  store: ParameterStore;
  schedules: Schedules;
  /** The training split, as it is scored. */
  training: Split;
  totalSteps: number;
  /** As they are asked for. */
  labelCounts: Record<string, readonly number[]>;
}

/** Parameters are named after where their component stands: "/model/prior/base" gives "prior/base". */
const parametersAt = ({ store }: Pick<Workshop, "store">, pointer: string): ParameterScope =>
  store.scope(pointer.replace(/^\/(model\/)?/, ""));

/** What a bijection in a slot gets: the latent, and the features that the posterior reads or the parents of the prior, side by side. */
export const bijectionShapes = ({
  latent,
  features,
  parents = {},
}: {
  latent: Shape;
  features?: Readonly<Record<string, Shape>>;
  parents?: Readonly<Record<string, Shape>>;
}): Omit<Contexts["bijection"], "parameters"> => ({
  shape: latent,
  ...(features?.features && { features: features.features }),
  ...(Object.keys(parents).length > 0 && { features: [sizeSideBySide(parents)] }),
});

/**
 * @param context of the part, and of parts of its kind in its slots; their parameters are added
 * @param bijections context of the bijections in its slots
 */
export const buildPart = <K extends Kind>(
  workshop: Pick<Workshop, "builder" | "schedules" | "totalSteps" | "store">,
  kind: K,
  fields: ResolvedFields,
  pointer: string,
  context: Omit<Contexts[K], "parameters">,
  bijections?: Omit<Contexts["bijection"], "parameters">,
): Promise<Products[K]> => {
  const { builder, schedules, totalSteps } = workshop;
  return builder.build(kind, fields, pointer, {
    [kind]: (at: string) => ({ ...context, parameters: parametersAt(workshop, at) }),
    ...(bijections && { bijection: (at: string) => ({ ...bijections, parameters: parametersAt(workshop, at) }) }),
    schedule: () => ({ totalSteps }),
    schedules,
  });
};

const countsOf =
  ({ dataset, training, labelCounts: asked }: Workshop) =>
  (name: string): LabelCounts => {
    const known = dataset.kept?.labelCounts[name];
    const counted = known ? { counts: known, size: dataset.sizes.train } : labelCounts(dataset, training, name);
    asked[name] = counted.counts;
    return counted;
  };

const buildHeads = async (workshop: Workshop, plans: readonly LatentPlan[]): Promise<Head[]> => {
  const { spec, dataset, builder, schedules, totalSteps } = workshop;
  const { fields, modeled } = dataset;
  const labels = countsOf(workshop);
  const latents = Object.fromEntries(
    plans.filter(({ observed }) => observed === undefined).map(({ name, shape }) => [name, shape]),
  );
  const contexts: ContextMakers = {
    head: (at) => ({ fields, modeled, latents, labels, parameters: parametersAt(workshop, at) }),
    encoder: (at) => ({ inputs: { [modeled]: fields[modeled]! }, parameters: parametersAt(workshop, at) }),
    schedule: () => ({ totalSteps }),
    schedules,
  };
  const heads: Head[] = [];
  for (const [index, head] of spec.model.heads.entries())
    heads.push(await builder.build("head", head, `/model/heads/${index}`, contexts));
  for (const { observed, alpha, pointer } of plans)
    if (observed !== undefined && alpha) {
      const weight = await buildPart(workshop, "schedule", alpha, `${pointer}/alpha`, { totalSteps });
      heads.push(labelHead(observed, labels(observed), weight));
    }
  return heads;
};

interface PseudoInputs {
  inputs: FieldSchemas;
  /** Fields of the data by the latents that stand for them. */
  labels: Readonly<Record<string, string>>;
}
/** What a pseudo-input consists of: the fields of the data, and labels among the latents that q is conditioned on. */
const pseudoInputsOf = (
  { dataset }: Workshop,
  sources: readonly Source[],
  plans: readonly LatentPlan[],
  shapes: SourceShapes,
): PseudoInputs => {
  const labels = Object.fromEntries(
    sources.flatMap((source) => {
      const label = source.kind === "latent" && plans.find((each) => each.name === source.name)?.observed;
      return label ? [[source.kind === "latent" ? source.name : "", label] as const] : [];
    }),
  );
  return { inputs: { ...shapes.data, ...mapValues(labels, (field) => dataset.fields[field]!) }, labels };
};

const examplesFor = (
  { spec, dataset, training }: Workshop,
  { pointer, ...plan }: LatentPlan,
  part: "posterior" | "prior",
  { inputs, labels }: PseudoInputs,
): ExampleSource =>
  exampleSource(dataset, training, {
    part: `${part} "${plan[part].type}"`,
    pointer: `${pointer}/${part}`,
    seed: spec.seed,
    inputs: Object.keys(inputs).filter((name) => !Object.hasOwn(labels, name)),
    labels,
  });

const buildLatent = async (
  workshop: Workshop,
  plan: LatentPlan,
  plans: readonly LatentPlan[],
  shapes: SourceShapes,
  parents: Contexts["prior"]["parents"] & object,
): Promise<Latent> => {
  const { name, pointer, shape: latent, generatedFrom, enumerate, observed } = plan;
  const sources = sourcesOf(plan);
  const encoder =
    plan.encoder &&
    (await buildPart(workshop, "encoder", plan.encoder, `${pointer}/encoder`, {
      inputs: networkInputs(sources, shapes),
    }));
  const features = encoder?.features ?? featureShapes(sources, shapes);
  const pseudoInputs = pseudoInputsOf(workshop, sources, plans, shapes);
  const posterior = await buildPart(
    workshop,
    "posterior",
    plan.posterior,
    `${pointer}/posterior`,
    {
      features,
      latent,
      inputs: pseudoInputs.inputs,
      examples: examplesFor(workshop, plan, "posterior", pseudoInputs).examples,
    },
    bijectionShapes({ latent, features }),
  );
  const priorContext = {
    latent: posterior.codes?.shape ?? latent,
    parents: {
      ...parents,
      ...Object.fromEntries(generatedFrom.map((from) => [from, plans.find((p) => p.name === from)!.shape])),
    },
    inputs: pseudoInputs.inputs,
    ...examplesFor(workshop, plan, "prior", pseudoInputs),
    ...(observed !== undefined && { labels: () => countsOf(workshop)(observed) }),
  };
  const prior = await buildPart(
    workshop,
    "prior",
    plan.prior,
    `${pointer}/prior`,
    priorContext,
    bijectionShapes(priorContext),
  );
  const definition = workshop.builder.definition("posterior", plan.posterior.type);
  const [support] = supportsOf(definition, plan.posterior);
  return {
    name,
    shape: latent,
    support: support!,
    posterior,
    prior,
    sources,
    generatedFrom,
    enumerate,
    ...(!enumerate && able({ definition, fields: plan.posterior }, "unrelaxed") && { unrelaxed: true }),
    ...(encoder && { encoder }),
    ...(observed !== undefined && { observed }),
  };
};

/** @param conditions shapes of what the decoder sees beside latents */
const buildOutput = async (
  workshop: Workshop,
  { field: name, pointer, generatedFrom, weight, encode, ...parts }: OutputPlan,
  latents: readonly LatentPlan[],
  conditions: Readonly<Record<string, Shape>>,
): Promise<Output> => {
  const field = workshop.dataset.fields[name]!;
  const likelihood = await buildPart(workshop, "likelihood", parts.likelihood, `${pointer}/likelihood`, { field });
  const seen = latents.filter((latent) => generatedFrom?.includes(latent.name) ?? true);
  const decoder = await buildPart(workshop, "decoder", parts.decoder, `${pointer}/decoder`, {
    latents: { ...conditions, ...Object.fromEntries(seen.map((latent) => [latent.name, latent.shape])) },
    output: likelihood.outputs,
    field,
  });
  return { field: name, decoder, likelihood, generatedFrom: seen.map((latent) => latent.name), weight, encode };
};

export interface BuiltModel {
  model: Model;
  heads: readonly Head[];
  /** Values that priors begin from by the first weights of the model, which are bound; absent where none asks for that. */
  initialize?: () => Readonly<Record<string, Tensor>>;
}

/** In the place of an encoder that only serves as the default of the latents' own: nothing would train it. */
const UNREAD: Encoder = { features: {}, encode: () => ({}) };

export const buildModel = async (workshop: Workshop): Promise<BuiltModel> => {
  const { spec, dataset, store, training } = workshop;
  const { fields, modeled } = dataset;
  const { model: parts } = spec;
  const plans = latentPlans(parts, fields);
  const outputs = outputPlans(parts, modeled);
  const heads = await buildHeads(workshop, plans);
  const routing = fieldRouting(
    heads.map(({ plan }) => plan),
    fields,
    encodedOutputs(outputs, modeled),
  );
  const isRead = areFeaturesRead(
    plans.map((plan) => ({ sources: sourcesOf(plan) })),
    heads,
  );
  const encoder = isRead
    ? await buildPart(workshop, "encoder", parts.encoder, "/model/encoder", { inputs: routing.encoderInputs })
    : UNREAD;
  for (const head of heads) head.connect?.(encoder.features);
  const shapes: SourceShapes = {
    x: encoder.features,
    data: routing.encoderInputs,
    latent: (name) => ({ kind: "vector", support: "real", shape: plans.find((plan) => plan.name === name)!.shape }),
  };
  const latents: Latent[] = [];
  for (const plan of plans) latents.push(await buildLatent(workshop, plan, plans, shapes, routing.priorParents));
  const built: Output[] = [];
  for (const output of outputs) built.push(await buildOutput(workshop, output, plans, routing.decoderShapes));
  const joined = { encoder, latents, outputs: built, heads };
  return {
    model: latentVariableModel(joined, { fields, modeled, store, training }),
    heads,
    ...(isInitializedFromData(joined) && {
      initialize: () => initializePriors(joinParts(joined, { fields, modeled, store })),
    }),
  };
};
