/**
 * Builds the objects of a run from a resolved spec:
 *
 *     spec.data ── dataset ──┐ fields
 *     spec.model ─ heads → encoder → latents → likelihood → decoder ── model
 *     spec.objective, spec.regularizers ─ objective        spec.training.optimizer ─ optimizer
 *
 * Schedules are named after their JSON pointer.
 */
import type { Model } from "../../contracts/model.js";
import type { Objective } from "../../contracts/objective.js";
import type { Optimizer } from "../../contracts/optimizer.js";
import type { HostTensors } from "../../contracts/program.js";
import type { Regularizer } from "../../contracts/regularizer.js";
import { Schedules } from "../../contracts/schedule.js";
import { withAddedLosses } from "../../models/added-losses.js";
import { parametersOf } from "../../models/regularizers.js";
import type { Builder } from "../../registry/components/build.js";
import type { ResolvedSpec } from "../../spec/experiment-schema.js";
import { ParameterStore } from "../../tensor/parameters.js";
import { buildModel, buildPart, type Workshop } from "./build-model.js";
import { initializedFromData } from "./data-initialization.js";
import { type DrawOptions, drawInitialWeights } from "./initial-weights.js";
import type { RunDataset } from "./kept-data.js";
import { assertLearns, learningRatesOf } from "./learning-rates.js";
import { assertFits } from "./memory-needed.js";
import { assertTrainable } from "./model-depth.js";
import { isNamed, startedFrom, withFrozen } from "./warm-start.js";

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

export interface AssembleOptions extends DrawOptions {
  /** Parameters come from a checkpoint: none are drawn, and nothing is asked of the run of a warm start. */
  restored?: boolean;
  /** It will be trained, which needs memory that scoring does not. */
  trains?: boolean;
}

/** By the name of the type; a second one of a type is called "mmd-2". Their parameters are named after them. */
const buildRegularizers = async (workshop: Workshop, model: Model): Promise<Record<string, Regularizer>> => {
  const { spec, builder, store, schedules, totalSteps } = workshop;
  const built: Record<string, Regularizer> = {};
  for (const [index, fields] of (spec.regularizers ?? []).entries()) {
    const earlier = spec.regularizers!.slice(0, index).filter(({ type }) => type === fields.type).length;
    const name = earlier === 0 ? fields.type : `${fields.type}-${earlier + 1}`;
    built[name] = await builder.build("regularizer", fields, `/regularizers/${index}`, {
      regularizer: () => ({
        model,
        parameters: store.scope(parametersOf(name)),
        modelParameters: () => store.parameters,
      }),
      schedule: () => ({ totalSteps }),
      schedules,
    });
  }
  return built;
};

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
  const schedules = new Schedules(builder.scheduleRoles(spec));
  const training = dataset.split("train", "evaluation");
  const counts: Workshop["labelCounts"] = {};
  const data = { dataset, training, labelCounts: counts };
  const workshop: Workshop = { spec, builder, store, schedules, totalSteps, ...data };
  const { model, heads, initialize } = await buildModel(workshop);
  const plain = await buildPart(workshop, "objective", spec.objective, "/objective", { model });
  const objective = withFrozen(
    withAddedLosses(plain, { heads, regularizers: await buildRegularizers(workshop, model) }),
    spec.warmStart,
    store,
  );
  const optimizer = await buildPart(workshop, "optimizer", spec.training.optimizer, "/training/optimizer", {});
  assertLearns(learningRatesOf({ optimizer, objective }), totalSteps);
  if (trains) {
    assertTrainable(store);
    assertFits({ store, objective, optimizer, dataset, averaged: spec.training.ema !== undefined });
  }
  const initialValues = restored
    ? store.blankValues()
    : initializedFromData(
        initialize,
        startedFrom(spec.warmStart, await drawInitialWeights(store, spec.seed, drawing)),
        {
          store,
          isGiven: (name) => spec.warmStart !== undefined && isNamed(spec.warmStart, name),
        },
      );
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
