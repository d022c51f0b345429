/** A spec of the bench, assembled as a run assembles it. */
import { assemble } from "../../src/experiments/assemble.ts";
import { loadDataset } from "../../src/experiments/checked-dataset.ts";
import { loadOptions } from "../../src/experiments/load-options.ts";
import { createBuilder } from "../../src/registry/build.ts";
import { loadExperimentValue } from "../../src/registry/experiment.ts";
import { planTrials } from "../../src/registry/trials.ts";
import { convolutions } from "./convolutions.mjs";

/** As vaelab reads them by default: what the peers are given too. */
export const DATA = { type: "digits", binarize: "static", train: 8000, validation: 1000, test: 1000 };

export const specOf = ({ net, hidden, latent, batch }) => ({
  name: "bench",
  data: DATA,
  model: {
    latent,
    encoder: net === "conv" ? "bench-convolutions" : { type: "mlp", hidden },
    posterior: "diagonal-gaussian",
    prior: "gaussian",
    decoder: net === "conv" ? "bench-convolutions" : "mlp",
    likelihood: "bernoulli",
  },
  objective: { type: "elbo", beta: 1 },
  training: { epochs: 1, batchSize: batch, optimizer: { type: "adam", learningRate: 0.001 } },
});

export const assembled = async (written) => {
  const options = loadOptions();
  const catalogue = options.catalogue.child(convolutions, "bench");
  const experiment = await loadExperimentValue(written, { ...options, catalogue });
  const { spec } = planTrials(experiment)[0];
  const builder = await createBuilder(experiment.catalogue);
  const dataset = await loadDataset(spec, builder, experiment.folder);
  return { spec, dataset, builder, ...(await assemble(spec, dataset, builder)) };
};
