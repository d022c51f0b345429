/**
 * A resolved spec becomes the objects that a run works with:
 *
 *     spec.data ── dataset ──┐ fields
 *     spec.model ─ heads → encoder → posterior → prior → likelihood → decoder ── model
 *     spec.objective ─ objective        spec.training.optimizer ─ optimizer        (schedules: fed by their JSON pointer)
 */
import type { Dataset, Split } from "../../contracts/dataset.js";
import type { Head, LabelCounts } from "../../contracts/head.js";
import type { Contexts, ResolvedFields } from "../../contracts/kinds.js";
import { LATENT, type Model } from "../../contracts/model.js";
import type { Objective } from "../../contracts/objective.js";
import type { Optimizer } from "../../contracts/optimizer.js";
import type { HostTensor } from "../../contracts/program.js";
import { Schedules } from "../../contracts/schedule.js";
import { VaelabError } from "../../errors.js";
import { fieldRouting } from "../../models/field-routing.js";
import { withHeads } from "../../models/head-losses.js";
import { latentVariableModel } from "../../models/latent-variable-model.js";
import { permutation, stream } from "../../numerics/streams.js";
import type { Builder } from "../../registry/components/build.js";
import type { ResolvedSpec } from "../../spec/experiment-schema.js";
import { ParameterStore } from "../../tensor/parameters.js";
import { assertLearns, learningRatesOf } from "./learning-rates.js";
import { startedFrom, withFrozen } from "./warm-start.js";

export interface Assembled {
  model: Model;
  store: ParameterStore;
  objective: Objective;
  optimizer: Optimizer;
  /** Every schedule of the spec, and those that its components derive from them. */
  schedules: Schedules;
  initialValues: Readonly<Record<string, HostTensor>>;
  stepsPerEpoch: number;
  totalSteps: number;
}

/** "/model/prior/base" → "prior/base": parameters are named after where their component stands. */
const scopeOf = (pointer: string): string => pointer.replace(/^\/(model\/)?/, "");

const ROWS = 1024;
/** Categories of a field by how many training examples are known to have each. */
const labelsOf =
  ({ fields, sizes }: Dataset, training: Split) =>
  (name: string): LabelCounts => {
    const counts: number[] = Array.from({ length: fields[name]?.classes ?? 0 }, () => 0);
    for (let start = 0; start < sizes.train; start += ROWS) {
      const rows = Int32Array.from({ length: Math.min(ROWS, sizes.train - start) }, (_, i) => start + i);
      const values = training.read(rows)[name]!;
      const mask = training.observed?.(rows)[name];
      for (let i = 0; i < rows.length; i++) if (!mask || mask[i]! > 0.5) counts[values[i]!]!++;
    }
    return { counts, size: sizes.train };
  };

/** @param restored parameters come from a checkpoint, so that nothing is asked of the run of a warm start */
export const assemble = async (
  spec: ResolvedSpec,
  dataset: Dataset,
  builder: Builder,
  { restored = false }: { restored?: boolean } = {},
): Promise<Assembled> => {
  const store = new ParameterStore();
  const parameters = (pointer: string) => store.scope(scopeOf(pointer));
  const { fields, modeled } = dataset;
  const field = fields[modeled]!;
  const training = dataset.split("train", "evaluation");
  const labels = labelsOf(dataset, training);
  const latent = [spec.model.latent];
  const stepsPerEpoch = Math.floor(dataset.sizes.train / spec.training.batchSize);
  const totalSteps = stepsPerEpoch * spec.training.epochs;
  const schedules = new Schedules();

  const part = <K extends keyof Contexts>(
    kind: K,
    fields: ResolvedFields,
    pointer: string,
    contextAt: (pointer: string) => Contexts[K],
  ) =>
    builder.build(kind, fields, pointer, {
      [kind]: contextAt,
      schedule: () => ({ totalSteps }),
      schedules,
    });

  const heads: Head[] = [];
  for (const [index, head] of spec.model.heads.entries()) {
    const contexts = {
      head: (at: string) => ({ fields, modeled, latent, labels, parameters: parameters(at) }),
      encoder: (at: string) => ({ inputs: { [modeled]: field }, parameters: parameters(at) }),
      schedule: () => ({ totalSteps }),
      schedules,
    };
    heads.push(await builder.build("head", head, `/model/heads/${index}`, contexts));
  }
  const plans = heads.map(({ plan }) => plan);
  const { encoderInputs: inputs, priorParents: parents, decoderShapes } = fieldRouting(plans, fields, modeled);

  const encoder = await part("encoder", spec.model.encoder, "/model/encoder", (at) => ({
    inputs,
    parameters: parameters(at),
  }));
  for (const head of heads) head.connect?.(encoder.features);
  const posterior = await part("posterior", spec.model.posterior, "/model/posterior", (at) => ({
    features: encoder.features,
    latent,
    parameters: parameters(at),
  }));
  /** The first of these rows that have every field which the encoder sees: what a pseudo-input looks like. */
  const wholeExamples = (rows: Int32Array, count: number): Int32Array => {
    const masks = training.observed?.(rows) ?? {};
    const partial = Object.keys(inputs).filter((name) => name !== modeled && masks[name]);
    const whole = rows.filter((_, i) => partial.every((name) => masks[name]![i]! > 0.5));
    if (whole.length >= count) return whole.slice(0, count);
    throw new VaelabError("SPEC_COMBINATION", {
      message: `the prior "${spec.model.prior.type}" begins from ${count} training examples whose "${partial.join('", "')}" is known, and there are ${whole.length}`,
      where: "/model/prior",
      remedy: "Give it fewer components, or a prior that begins from no examples, such as gaussian.",
    });
  };
  const examples = (count: number) => {
    if (count > dataset.sizes.train) {
      throw new VaelabError("SPEC_COMBINATION", {
        message: `the prior "${spec.model.prior.type}" begins from ${count} training examples, and there are ${dataset.sizes.train}`,
        where: "/model/prior",
        remedy: "Give it fewer components, or more data.",
      });
    }
    const rows = permutation(dataset.sizes.train, stream(spec.seed, "init/examples"));
    return training.read(wholeExamples(rows, count));
  };
  const prior = await part("prior", spec.model.prior, "/model/prior", (at) => ({
    latent,
    parents,
    inputs,
    parameters: parameters(at),
    examples,
  }));
  const likelihood = await part("likelihood", spec.model.likelihood, "/model/likelihood", (at) => ({
    field,
    parameters: parameters(at),
  }));
  const decoder = await part("decoder", spec.model.decoder, "/model/decoder", (at) => ({
    latents: { ...decoderShapes, [LATENT]: latent },
    output: likelihood.outputs,
    field,
    parameters: parameters(at),
  }));
  const model = latentVariableModel(
    { encoder, posterior, prior, decoder, likelihood, heads },
    { fields, modeled, latent, store, training },
  );
  const plain = await part("objective", spec.objective, "/objective", (at) => ({
    parameters: parameters(at),
    model,
  }));
  const objective = withFrozen(withHeads(plain, heads), spec.warmStart);
  const optimizer = await part("optimizer", spec.training.optimizer, "/training/optimizer", () => ({}));
  assertLearns(learningRatesOf({ optimizer, objective }), totalSteps);

  const initialValues = store.initialValues(spec.seed);
  return {
    model,
    store,
    objective,
    optimizer,
    schedules,
    initialValues: restored ? initialValues : startedFrom(spec.warmStart, initialValues),
    stepsPerEpoch,
    totalSteps,
  };
};
