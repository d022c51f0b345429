/**
 * A resolved spec becomes the objects that a run works with:
 *
 *     spec.data ── dataset ──┐ fields
 *     spec.model ─ encoder → posterior → prior → likelihood → decoder ── model
 *     spec.objective ─ objective        spec.training.optimizer ─ optimizer        (schedules: fed by their JSON pointer)
 */
import type { Dataset } from "../core/contracts/data.js";
import type { Model } from "../core/contracts/model.js";
import type { Objective, Optimizer, Schedule } from "../core/contracts/training.js";
import type { Contexts, ResolvedFields } from "../core/define.js";
import { VaelabError } from "../core/errors.js";
import type { ResolvedSpec } from "../core/experiment-schema.js";
import { ParameterStore } from "../core/parameters.js";
import type { HostTensor } from "../core/program.js";
import { permutation, stream } from "../core/rng.js";
import { latentVariableModel } from "../models/latent-variable-model.js";
import type { Builder } from "../registry/build.js";

export interface Assembled {
  model: Model;
  store: ParameterStore;
  objective: Objective;
  optimizer: Optimizer;
  /** Every schedule of the objective and the optimizer, by the name under which it is fed. */
  schedules: ReadonlyMap<Schedule, string>;
  initialValues: Readonly<Record<string, HostTensor>>;
  stepsPerEpoch: number;
  totalSteps: number;
}

/** "/model/prior/base" → "prior/base": parameters are named after where their component stands. */
const scopeOf = (pointer: string): string => pointer.replace(/^\/(model\/)?/, "");
/** "/objective/beta" → "objective.beta". */
const scheduleName = (pointer: string): string => pointer.slice(1).replaceAll("/", ".");

export const assemble = async (spec: ResolvedSpec, dataset: Dataset, builder: Builder): Promise<Assembled> => {
  const store = new ParameterStore();
  const parameters = (pointer: string) => store.scope(scopeOf(pointer));
  const field = dataset.fields[dataset.modelled]!;
  const inputs = { [dataset.modelled]: field };
  const latent = [spec.model.latent];
  const stepsPerEpoch = Math.floor(dataset.sizes.train / spec.training.batchSize);
  const totalSteps = stepsPerEpoch * spec.training.epochs;
  const schedules = new Map<Schedule, string>();

  const part = <K extends keyof Contexts>(
    kind: K,
    fields: ResolvedFields,
    pointer: string,
    contextAt: (pointer: string) => Contexts[K],
  ) =>
    builder.build(kind, fields, pointer, {
      [kind]: contextAt,
      schedule: () => ({ totalSteps }),
      optimizer: () => ({}),
    });

  builder.onSchedule((schedule, pointer) => schedules.set(schedule, scheduleName(pointer)));

  const encoder = await part("encoder", spec.model.encoder, "/model/encoder", (at) => ({
    inputs,
    parameters: parameters(at),
  }));
  const posterior = await part("posterior", spec.model.posterior, "/model/posterior", (at) => ({
    features: encoder.features,
    latent,
    parameters: parameters(at),
  }));
  const examples = (count: number) => {
    if (count > dataset.sizes.train) {
      throw new VaelabError("SPEC_COMBINATION", {
        message: `the prior "${spec.model.prior.type}" begins from ${count} training examples, and there are ${dataset.sizes.train}`,
        where: "/model/prior",
        remedy: "Give it fewer components, or more data.",
      });
    }
    const rows = permutation(dataset.sizes.train, stream(spec.seed, "init/examples")).slice(0, count);
    return dataset.split("train", "evaluation").read(rows);
  };
  const prior = await part("prior", spec.model.prior, "/model/prior", (at) => ({
    latent,
    inputs,
    parameters: parameters(at),
    examples,
  }));
  const likelihood = await part("likelihood", spec.model.likelihood, "/model/likelihood", (at) => ({
    field,
    parameters: parameters(at),
  }));
  const decoder = await part("decoder", spec.model.decoder, "/model/decoder", (at) => ({
    latents: { z: latent },
    output: likelihood.outputs,
    field,
    parameters: parameters(at),
  }));
  const { fields, modelled } = dataset;
  const model = latentVariableModel(
    { encoder, posterior, prior, decoder, likelihood },
    { fields, modelled, latent, store },
  );
  const objective = await part("objective", spec.objective, "/objective", (at) => ({
    parameters: parameters(at),
    model,
  }));
  const optimizer = await part("optimizer", spec.training.optimizer, "/training/optimizer", () => ({}));

  return {
    model,
    store,
    objective,
    optimizer,
    schedules,
    initialValues: store.initialValues(spec.seed),
    stepsPerEpoch,
    totalSteps,
  };
};
