/** A spec of the bench, assembled as a run assembles it. */

import { loadOptions } from "../../src/experiments/runs/load-options.ts";
import { assemble } from "../../src/experiments/training/assemble.ts";
import { loadDataset } from "../../src/experiments/training/checked-dataset.ts";
import { createBuilder } from "../../src/registry/components/build.ts";
import { loadExperimentValue } from "../../src/registry/experiment.ts";
import { planTrials } from "../../src/registry/planning/trials.ts";
import { DATA } from "../data.mjs";

const modelOf = ({ net, hidden, latent }) => ({
  latent,
  // 28 x 28, 32 and 64 filters 4 x 4 of stride 2, dense 256; and back.
  encoder: net === "conv" ? { type: "conv", filters: [32, 64], kernel: 4, hidden: [256] } : { type: "mlp", hidden },
  posterior: "diagonal-gaussian",
  prior: "gaussian",
  decoder: net === "conv" ? "conv" : "mlp",
  likelihood: "bernoulli",
});

/** @param model of a spec; else that of the net */
export const specOf = ({ batch, model, objective, regularizers = [], ...net }) => ({
  name: "bench",
  data: DATA,
  model: model ?? modelOf(net),
  objective: objective ?? { type: "elbo", beta: 1 },
  regularizers,
  training: { epochs: 1, batchSize: batch, optimizer: { type: "adam", learningRate: 0.001 } },
});

export const assembled = async (written) => {
  const experiment = await loadExperimentValue(written, loadOptions());
  const { spec } = planTrials(experiment)[0];
  const builder = await createBuilder(experiment.catalogue);
  const dataset = await loadDataset(spec, builder, experiment.folder);
  return { spec, dataset, builder, ...(await assemble(spec, dataset, builder)) };
};
