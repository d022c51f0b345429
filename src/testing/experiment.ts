/** A component in a whole experiment: validated as a spec, built by the registry, its training step as a program. */
import type { LatentSupport } from "../contracts/distribution.js";
import type { Dataset } from "../contracts/index.js";
import type { Kind, ResolvedFields } from "../contracts/kinds.js";
import type { Host } from "../contracts/program.js";
import { VaelabError } from "../errors.js";
import { type Assembled, assemble } from "../experiments/training/assemble.js";
import { batchInputs, keyInput, scalarInputs } from "../experiments/training/batches.js";
import {
  phasesDue,
  type TrainingInputs,
  type TrainingProgram,
  trainingProgram,
} from "../inference/training-program.js";
import { noiseKey, permutation, stream } from "../numerics/streams.js";
import { type Builder, createBuilder } from "../registry/components/build.js";
import { type Experiment, loadExperimentValue } from "../registry/experiment.js";
import type { AnyDefinition, Definition } from "../spec/define.js";
import { supportsOf } from "../spec/latents.js";
import { SUPPORTS } from "../tensor/fields.js";
import { catalogueWith } from "./catalogue.js";

const BATCH = 6;
const SMALL_NETWORKS = { encoder: { type: "mlp", hidden: [5] }, decoder: { type: "mlp", hidden: [5] } };
const SMALL_MODEL = { latent: 3, ...SMALL_NETWORKS };

/** The parts of a spec that matter; the others are small, and the data are twelve examples of `tiny`. */
export interface Written {
  data?: object;
  model?: object;
  objective?: object;
  regularizers?: object[];
  training?: object;
  evaluation?: object;
}
/** @param plugin components beside the built-in ones. @throws SPEC_INVALID, SPEC_COMBINATION, CONTRACT, PLUGIN */
export const loadWritten = (written: Written, plugin: readonly AnyDefinition[] = []): Promise<Experiment> =>
  loadExperimentValue(
    {
      name: "contract",
      data: { type: "tiny" },
      ...written,
      model: { ...(written.model && "latents" in written.model ? SMALL_NETWORKS : SMALL_MODEL), ...written.model },
      training: { epochs: 10, batchSize: BATCH, ...written.training },
    },
    { catalogue: catalogueWith(plugin) },
  );

/** What stands before a layer that is tried; without a bias, for what a normalization takes out again. */
const MAPS = { type: "conv2d", filters: 2, activation: "tanh", bias: false };

/** Where the values of a posterior or prior lie. */
export const supportOf = (
  kind: "posterior" | "prior",
  fields: ResolvedFields,
  plugin: readonly AnyDefinition[] = [],
): LatentSupport => {
  const definition = catalogueWith(plugin).get(kind, fields.type);
  return (definition && supportsOf(definition as Definition as AnyDefinition, fields)[0]) ?? "real";
};

/** A posterior or prior with a partner over the same values. */
export const latentOf = (
  kind: "posterior" | "prior",
  fields: ResolvedFields,
  plugin: readonly AnyDefinition[] = [],
): object => {
  const latent = (partners: object) => ({ latents: { z: { ...partners, [kind]: fields } } });
  switch (supportOf(kind, fields, plugin)) {
    case "one-hot": {
      if (fields.probabilities === "empirical") return latent({ observed: "label" });
      // One code has no order.
      if (fields.type === "autoregressive")
        return latent({ shape: [3, 2], posterior: { type: "vector-quantized", codes: 4 } });
      // Draws of a categorical have no gradient, so it is summed over.
      const isSummedOver = kind === "prior" || fields.type === "categorical";
      const partners = { posterior: "categorical", prior: "categorical", ...(isSummedOver && { enumerate: true }) };
      return latent({ shape: [3], ...partners });
    }
    case "sphere":
      return latent({ size: 3, posterior: "von-mises-fisher", prior: "hypersphere-uniform" });
    case "ball":
      return latent({ size: 3, posterior: "wrapped-normal", prior: "wrapped-normal" });
    case "positive":
      return latent({ size: 3, posterior: "gamma", prior: "gamma" });
    case "binary":
      return latent({ shape: [3], posterior: "bernoulli-concrete", prior: "bernoulli" });
    case "codes":
      return latent({ shape: [3, 2], prior: "categorical" });
    default:
      return { [kind]: fields };
  }
};

/** A component with its fields, as a spec has it. */
export interface Tried {
  kind: Kind;
  fields: ResolvedFields;
}

/** What turns the maps before a layer into what it takes: maps, a row, or a sequence [length, channels]. */
const SHAPED: readonly (readonly unknown[])[] = [[], ["flatten"], [{ type: "reshape", shape: [10, 4] }]];

/** Where a component stands in a spec, by kind. @param shaped what stands before a layer */
const slotOf = ({ kind, fields }: Tried, shaped: readonly unknown[], plugin: readonly AnyDefinition[]): Written => {
  switch (kind) {
    case "layer":
      return { model: { encoder: { type: "layers", layers: [MAPS, ...shaped, fields] } } };
    case "dataset":
      return { data: fields };
    case "objective":
      return { objective: fields };
    case "regularizer":
      return { regularizers: [fields] };
    case "schedule":
      return { objective: { type: "elbo", beta: fields } };
    case "optimizer":
      return { training: { optimizer: fields } };
    case "sampler":
      return { evaluation: { samplers: [fields] } };
    case "metric":
      return { evaluation: { metrics: [fields] } };
    case "bijection":
      return { model: { posterior: { type: "flow", layers: [fields] } } };
    case "head":
      return { model: { heads: [fields] } };
    case "posterior":
    case "prior":
      return { model: latentOf(kind, fields, plugin) };
    default:
      return { model: { [kind]: fields } };
  }
};

/** What a part may need beside the defaults: data that its likelihood takes, an objective that asks for no density, a head. */
const PARTNERS: readonly Written[] = [
  ...[{}, { objective: { type: "elbo", beta: 0 } }, { model: { heads: ["classifier"] } }].flatMap((partner: Written) =>
    [...SUPPORTS.map((support) => ({ support })), { kind: "table" }].flatMap((data) => [
      { ...partner, data: { type: "tiny", ...data } },
      { ...partner, data: { type: "tiny", ...data }, model: { ...partner.model, likelihood: { type: "gaussian" } } },
    ]),
  ),
  // What scores samplers.
  { evaluation: { samplers: ["gaussian-mixture"] } },
  // Draws that have no gradient.
  { objective: { type: "wake-sleep" } },
  // What needs a metric.
  { model: { posterior: { type: "riemannian-hamiltonian", landmarks: 3 } } },
  // What slides a window over images.
  { data: { type: "tiny", kind: "large-image" } },
  // Data sets of counts.
  { model: { likelihood: { type: "poisson" } } },
];

/** The first of a few partner sets that validation lets the component join. @throws SPEC_COMBINATION if there is none */
export const loadCase = async (tried: Tried, plugin: readonly AnyDefinition[] = []): Promise<Experiment> => {
  let refusal: VaelabError | undefined;
  for (const partner of PARTNERS) {
    for (const shaped of tried.kind === "layer" ? SHAPED : [[]]) {
      const slot = slotOf(tried, shaped, plugin);
      try {
        const [model, evaluation] = [
          { ...partner.model, ...slot.model },
          { ...partner.evaluation, ...slot.evaluation },
        ];
        return await loadWritten({ ...partner, ...slot, model, evaluation }, plugin);
      } catch (error) {
        if (!(error instanceof VaelabError) || error.code !== "SPEC_COMBINATION") throw error;
        refusal ??= error;
      }
    }
  }
  const message = `the ${tried.kind} "${tried.fields.type}" joins no model of small parts: ${refusal?.message}`;
  throw new VaelabError("SPEC_COMBINATION", { message }, { cause: refusal });
};

export interface SetUp {
  spec: Experiment["spec"];
  builder: Builder;
  dataset: Dataset;
  assembled: Assembled;
  program: TrainingProgram;
  /** What the step is fed, as the trainer feeds it. */
  inputsAt(step: number, keyStep?: number): Host<TrainingInputs>;
  /** The phases due. */
  variantAt(step: number): string;
}

export const setUp = async (experiment: Experiment, seed = experiment.spec.seed): Promise<SetUp> => {
  const { spec, folder } = experiment;
  const builder = createBuilder(experiment.catalogue);
  const dataset = await builder.build("dataset", spec.data, "/data", { dataset: () => ({ folder }) });
  const assembled = await assemble({ ...spec, seed }, dataset, builder);
  const program = trainingProgram({
    ...assembled,
    trainingSize: dataset.sizes.train,
    ...(dataset.transform && { transform: dataset.transform.bind(dataset) }),
  });
  const split = dataset.split("train", "training");
  return {
    spec,
    builder,
    dataset,
    assembled,
    program,
    inputsAt: (step, keyStep = step) => ({
      ...batchInputs(
        dataset,
        split,
        permutation(split.size, stream(seed, `order/${step}`)).slice(0, spec.training.batchSize),
      ),
      scalars: scalarInputs(assembled.schedules.at(step)),
      key: keyInput(noiseKey(seed, "noise", keyStep)),
    }),
    variantAt: (step) => phasesDue(assembled.objective, step),
  };
};

export const KINDS_OF_A_STEP = [
  "encoder",
  "decoder",
  "posterior",
  "prior",
  "likelihood",
  "head",
  "objective",
  "regularizer",
  "schedule",
  "optimizer",
  "layer",
  "bijection",
] as const satisfies readonly Kind[];
