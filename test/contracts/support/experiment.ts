/** A case in a whole experiment: validated as a spec, built by the registry, its training step as a program. */
import { builtins } from "../../../src/builtins.js";
import type { LatentSupport } from "../../../src/contracts/distribution.js";
import type { Dataset } from "../../../src/contracts/index.js";
import type { Kind, ResolvedFields } from "../../../src/contracts/kinds.js";
import type { Host } from "../../../src/contracts/program.js";
import { VaelabError } from "../../../src/errors.js";
import { type Assembled, assemble } from "../../../src/experiments/training/assemble.js";
import { batchInputs, keyInput, scalarInputs } from "../../../src/experiments/training/batches.js";
import {
  phasesDue,
  type TrainingInputs,
  type TrainingProgram,
  trainingProgram,
} from "../../../src/inference/training-program.js";
import { noiseKey, permutation, stream } from "../../../src/numerics/streams.js";
import { type Builder, createBuilder } from "../../../src/registry/components/build.js";
import { createCatalogue } from "../../../src/registry/components/catalogue.js";
import { type Experiment, loadExperimentValue } from "../../../src/registry/experiment.js";
import { type AnyDefinition, typeOf } from "../../../src/spec/define.js";
import { supportsOf } from "../../../src/spec/latents.js";
import { SUPPORTS } from "../../../src/tensor/fields.js";
import type { Case } from "./cases.js";
import { tiny } from "./tiny-data.js";

const BATCH = 6;
const SMALL_NETWORKS = { encoder: { type: "mlp", hidden: [5] }, decoder: { type: "mlp", hidden: [5] } };
const SMALL_MODEL = { latent: 3, ...SMALL_NETWORKS };

export interface Written {
  data?: object;
  model?: object;
  objective?: object;
  regularizers?: object[];
  training?: object;
  evaluation?: object;
}
const catalogue = createCatalogue([...builtins, tiny]);
/** @param more components that only a test has. */
export const loadWritten = (written: Written, more: readonly AnyDefinition[] = []): Promise<Experiment> =>
  loadExperimentValue(
    {
      name: "contract",
      data: { type: "tiny" },
      ...written,
      model: { ...(written.model && "latents" in written.model ? SMALL_NETWORKS : SMALL_MODEL), ...written.model },
      training: { epochs: 10, batchSize: BATCH, ...written.training },
    },
    { catalogue: more.length > 0 ? createCatalogue([...builtins, tiny, ...more]) : catalogue },
  );

/** What stands before a layer that is tried; without a bias, for what a normalization takes out again. */
const MAPS = { type: "conv2d", filters: 2, activation: "tanh", bias: false };

/** Where the values of a built-in posterior or prior lie. */
export const supportOf = (kind: "posterior" | "prior", fields: ResolvedFields): LatentSupport => {
  const definition = builtins.find((each) => each.kind === kind && typeOf(each) === fields.type)!;
  return supportsOf(definition, fields)[0]!;
};
/** A posterior or prior with a partner over the same values. */
export const latentOf = (kind: "posterior" | "prior", fields: ResolvedFields): object => {
  const latent = (partners: object) => ({ latents: { z: { ...partners, [kind]: fields } } });
  switch (supportOf(kind, fields)) {
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
    case "binary":
      return latent({ shape: [3], posterior: "bernoulli-concrete", prior: "bernoulli" });
    case "codes":
      return latent({ shape: [3, 2], prior: "categorical" });
    default:
      return { [kind]: fields };
  }
};

/** Where a component stands in a spec, by kind. */
const slotOf = ({ kind, fields }: Pick<Case, "kind" | "fields">, flat: boolean): Written => {
  switch (kind) {
    case "layer":
      // Layers of images are given maps of values around 0; others the same in a row.
      return { model: { encoder: { type: "layers", layers: [MAPS, ...(flat ? ["flatten"] : []), fields] } } };
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
      return { model: latentOf(kind, fields) };
    default:
      return { model: { [kind]: fields } };
  }
};

/** What a part may need beside the defaults: data that its likelihood takes, an objective that asks for no density, a head. */
const PARTNERS: readonly Written[] = [
  {},
  { objective: { type: "elbo", beta: 0 } },
  { model: { heads: ["classifier"] } },
].flatMap((partner: Written) =>
  [...SUPPORTS.map((support) => ({ support })), { kind: "table" }].flatMap((data) => [
    { ...partner, data: { type: "tiny", ...data } },
    { ...partner, data: { type: "tiny", ...data }, model: { ...partner.model, likelihood: { type: "gaussian" } } },
  ]),
);

/** The first of a few partner sets that validation lets the case join. */
export const loadCase = async (each: Pick<Case, "kind" | "fields" | "name">, more?: readonly AnyDefinition[]) => {
  let refusal: VaelabError | undefined;
  for (const partner of PARTNERS) {
    for (const flat of each.kind === "layer" ? [false, true] : [false]) {
      const slot = slotOf(each, flat);
      try {
        return await loadWritten({ ...partner, ...slot, model: { ...partner.model, ...slot.model } }, more);
      } catch (error) {
        if (!(error instanceof VaelabError) || error.code !== "SPEC_COMBINATION") throw error;
        refusal ??= error;
      }
    }
  }
  throw new Error(`${each.name} joins no model of small parts: ${refusal?.message}`, { cause: refusal });
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
  const builder = await createBuilder(experiment.catalogue);
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
      ...batchInputs(dataset, split, permutation(split.size, stream(seed, `order/${step}`)).slice(0, BATCH)),
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
