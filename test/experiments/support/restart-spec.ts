import type { ExperimentSpec } from "../../../src/spec/experiment-schema.js";

/** A run of seconds in which everything that a restart could spoil takes part: noise, order, schedules, slots, pseudo-inputs. */
export const RESTART = {
  name: "restart",
  seed: 1,
  data: { type: "digits", train: 256, validation: 100, test: 120, binarize: "stochastic" },
  model: {
    latent: 3,
    encoder: { type: "mlp", hidden: [64] },
    decoder: { type: "mlp", hidden: [64] },
    prior: { type: "vamp", components: 4 },
  },
  objective: { type: "elbo", beta: { type: "linear", initial: 0, final: 1, steps: 12 } },
  training: { epochs: 3, batchSize: 32, clipNorm: 5 },
  evaluation: {
    metrics: ["elbo", "active-units", { type: "iwae-nll", samples: 10 }],
    refit: { epochs: 1 },
  },
} satisfies ExperimentSpec;

/** The same with more moments to be killed at: larger checkpoints, and many of them. */
export const OFTEN_SAVED = {
  ...RESTART,
  name: "often-saved",
  model: { ...RESTART.model, encoder: { type: "mlp", hidden: [512] }, decoder: { type: "mlp", hidden: [512] } },
  training: { ...RESTART.training, epochs: 12, checkpointEvery: 1 },
} satisfies ExperimentSpec;

/** As many checkpoints in less time, for hundreds of kills. */
export const SMALL_OFTEN_SAVED = {
  ...OFTEN_SAVED,
  name: "small-often-saved",
  data: { ...OFTEN_SAVED.data, train: 128, validation: 64, test: 64 },
  model: { ...OFTEN_SAVED.model, encoder: { type: "mlp", hidden: [64] }, decoder: { type: "mlp", hidden: [64] } },
  training: { ...OFTEN_SAVED.training, epochs: 4 },
  evaluation: { metrics: ["elbo"], refit: { epochs: 1 } },
} satisfies ExperimentSpec;
