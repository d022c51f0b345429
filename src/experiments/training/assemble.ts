/**
 * Builds the objects of a run from a resolved spec:
 *
 *     spec.data ── dataset ──┐ fields
 *     spec.model ─ heads → encoder → posterior → prior → likelihood → decoder ── model
 *     spec.objective ─ objective        spec.training.optimizer ─ optimizer        (schedules: named after their JSON pointer)
 */
import type { Split } from "../../contracts/dataset.js";
import type { Head, LabelCounts } from "../../contracts/head.js";
import type { Contexts, Kind, Products, ResolvedFields } from "../../contracts/kinds.js";
import { LATENT, type Model } from "../../contracts/model.js";
import type { Objective } from "../../contracts/objective.js";
import type { Optimizer } from "../../contracts/optimizer.js";
import type { HostTensors } from "../../contracts/program.js";
import { Schedules } from "../../contracts/schedule.js";
import { fieldRouting } from "../../models/field-routing.js";
import { withHeads } from "../../models/head-losses.js";
import { latentVariableModel } from "../../models/latent-variable-model.js";
import type { Builder, ContextMakers } from "../../registry/components/build.js";
import type { ResolvedSpec } from "../../spec/experiment-schema.js";
import type { Shape } from "../../tensor/fields.js";
import { type ParameterScope, ParameterStore } from "../../tensor/parameters.js";
import { type DrawOptions, drawInitialWeights } from "./initial-weights.js";
import type { RunDataset } from "./kept-data.js";
import { assertLearns, learningRatesOf } from "./learning-rates.js";
import { assertFits } from "./memory-needed.js";
import { assertTrainable } from "./model-depth.js";
import { exampleSource, labelCounts } from "./training-examples.js";
import { startedFrom, withFrozen } from "./warm-start.js";

export interface Assembled {
  model: Model;
  store: ParameterStore;
  objective: Objective;
  optimizer: Optimizer;
  /** Every schedule of the spec, and those that its components derive from them. */
  schedules: Schedules;
  initialValues: HostTensors;
  /** Training examples by category, of the fields whose counts a head has asked for. */
  labelCounts: Readonly<Record<string, readonly number[]>>;
  stepsPerEpoch: number;
  totalSteps: number;
}

/** Shared inputs for building the parts of a run. */
interface Workshop {
  spec: ResolvedSpec;
  dataset: RunDataset;
  builder: Builder;
  store: ParameterStore;
  schedules: Schedules;
  /** The training split, as it is scored. */
  training: Split;
  latent: Shape;
  totalSteps: number;
  /** As they are asked for. */
  labelCounts: Record<string, readonly number[]>;
}

/** Parameters are named after where their component stands: "/model/prior/base" gives "prior/base". */
const parametersAt = ({ store }: Workshop, pointer: string): ParameterScope =>
  store.scope(pointer.replace(/^\/(model\/)?/, ""));

/** @param context of the part, and of parts of its kind in its slots; their parameters are added */
const buildPart = <K extends Kind>(
  workshop: Workshop,
  kind: K,
  fields: ResolvedFields,
  pointer: string,
  context: Omit<Contexts[K], "parameters">,
): Promise<Products[K]> => {
  const { builder, schedules, totalSteps } = workshop;
  return builder.build(kind, fields, pointer, {
    [kind]: (at: string) => ({ ...context, parameters: parametersAt(workshop, at) }),
    schedule: () => ({ totalSteps }),
    schedules,
  });
};

const buildHeads = async (workshop: Workshop): Promise<Head[]> => {
  const { spec, dataset, builder, schedules, training, latent, totalSteps } = workshop;
  const { fields, modeled } = dataset;
  const labels = (name: string): LabelCounts => {
    const known = dataset.kept?.labelCounts[name];
    const counted = known ? { counts: known, size: dataset.sizes.train } : labelCounts(dataset, training, name);
    workshop.labelCounts[name] = counted.counts;
    return counted;
  };
  const contexts: ContextMakers = {
    head: (at) => ({ fields, modeled, latent, labels, parameters: parametersAt(workshop, at) }),
    encoder: (at) => ({ inputs: { [modeled]: fields[modeled]! }, parameters: parametersAt(workshop, at) }),
    schedule: () => ({ totalSteps }),
    schedules,
  };
  const heads: Head[] = [];
  for (const [index, head] of spec.model.heads.entries())
    heads.push(await builder.build("head", head, `/model/heads/${index}`, contexts));
  return heads;
};

const buildModel = async (workshop: Workshop, heads: readonly Head[]): Promise<Model> => {
  const { spec, dataset, store, training, latent } = workshop;
  const { fields, modeled } = dataset;
  const field = fields[modeled]!;
  const plans = heads.map(({ plan }) => plan);
  const { encoderInputs: inputs, priorParents: parents, decoderShapes } = fieldRouting(plans, fields, modeled);
  const parts = spec.model;
  const encoder = await buildPart(workshop, "encoder", parts.encoder, "/model/encoder", { inputs });
  for (const head of heads) head.connect?.(encoder.features);
  const posterior = await buildPart(workshop, "posterior", parts.posterior, "/model/posterior", {
    features: encoder.features,
    latent,
  });
  const seen = { prior: parts.prior.type, inputs: Object.keys(inputs), seed: spec.seed };
  const examples = exampleSource(dataset, training, seen);
  const prior = await buildPart(workshop, "prior", parts.prior, "/model/prior", { latent, parents, inputs, examples });
  const likelihood = await buildPart(workshop, "likelihood", parts.likelihood, "/model/likelihood", { field });
  const decoder = await buildPart(workshop, "decoder", parts.decoder, "/model/decoder", {
    latents: { ...decoderShapes, [LATENT]: latent },
    output: likelihood.outputs,
    field,
  });
  return latentVariableModel(
    { encoder, posterior, prior, decoder, likelihood, heads },
    { fields, modeled, latent, store, training },
  );
};

export interface AssembleOptions extends DrawOptions {
  /** Parameters come from a checkpoint: none are drawn, and nothing is asked of the run of a warm start. */
  restored?: boolean;
  /** It will be trained, which needs memory that scoring does not. */
  trains?: boolean;
}

/** @throws MEMORY where it cannot be trained with the memory that is free, INTERRUPTED */
export const assemble = async (
  spec: ResolvedSpec,
  dataset: RunDataset,
  builder: Builder,
  { restored = false, trains = false, ...drawing }: AssembleOptions = {},
): Promise<Assembled> => {
  const stepsPerEpoch = Math.floor(dataset.sizes.train / spec.training.batchSize);
  const totalSteps = stepsPerEpoch * spec.training.epochs;
  const store = new ParameterStore();
  const schedules = new Schedules();
  const training = dataset.split("train", "evaluation");
  const counts: Workshop["labelCounts"] = {};
  const latent = [spec.model.latent];
  const data = { dataset, training, labelCounts: counts };
  const workshop: Workshop = { spec, builder, store, schedules, latent, totalSteps, ...data };
  const heads = await buildHeads(workshop);
  const model = await buildModel(workshop, heads);
  const plain = await buildPart(workshop, "objective", spec.objective, "/objective", { model });
  const objective = withFrozen(withHeads(plain, heads), spec.warmStart);
  const optimizer = await buildPart(workshop, "optimizer", spec.training.optimizer, "/training/optimizer", {});
  assertLearns(learningRatesOf({ optimizer, objective }), totalSteps);
  if (trains) {
    assertTrainable(store);
    assertFits({ store, objective, optimizer, dataset, averaged: spec.training.ema !== undefined });
  }
  const initialValues = restored
    ? store.blankValues()
    : startedFrom(spec.warmStart, await drawInitialWeights(store, spec.seed, drawing));
  return {
    model,
    store,
    objective,
    optimizer,
    schedules,
    initialValues,
    labelCounts: counts,
    stepsPerEpoch,
    totalSteps,
  };
};
