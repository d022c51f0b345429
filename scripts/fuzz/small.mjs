/** Small sound experiments that the cases start from. */
export const TINY = {
  name: "tiny",
  seed: 1,
  data: { type: "shapes", train: 64, validation: 32, test: 32, size: 16 },
  model: { latent: 2, encoder: { type: "mlp", hidden: [8] }, likelihood: "bernoulli" },
  objective: "elbo",
  training: { epochs: 1, batchSize: 32 },
  evaluation: { metrics: ["elbo", "active-units"] },
};

/** With all that a run can leave: classes by name, figures of samples, a sampler, controls, several checkpoints. */
export const FULL = {
  ...TINY,
  name: "full",
  model: { ...TINY.model, heads: [{ type: "conditional", on: "shape" }] },
  training: { ...TINY.training, epochs: 2, checkpointEvery: 1 },
  evaluation: { metrics: ["elbo", "active-units", "nearest-training-distance"], samplers: ["gaussian-mixture"] },
};

export const TABLE = {
  ...TINY,
  name: "table",
  data: { type: "csv", file: "table.csv", label: "kind" },
  model: { ...TINY.model, likelihood: "gaussian", heads: ["classifier"] },
  evaluation: { metrics: ["elbo", "accuracy"] },
};
export const TABLE_CSV = `a,b,kind\n${Array.from({ length: 96 }, (_, row) => `${Math.sin(row).toFixed(4)},${(row % 7) / 7},${["cat", "dog", "eel"][row % 3]}`).join("\n")}\n`;

export const SWEEP = { ...TINY, name: "sweep", sweep: { grid: { "objective.beta": [1, 4] }, seeds: [1, 2] } };
