/** One training step under objectives beyond the evidence bound of one draw, beside the same written in PyTorch. */
import { besidePytorch } from "../beside-pytorch.mjs";
import { DATA } from "../data.mjs";

const NET = { net: "mlp", hidden: [400], latent: 10 };
const OBJECTIVES = [
  {
    title: "IWAE of 50 draws, MLP 784-400-10, B=20",
    loss: "iwae",
    batch: 20,
    objective: { type: "iwae", samples: 50 },
    target: 0.8,
  },
  {
    title: "beta-TC by weighted sampling, MLP 784-400-10, B=64",
    loss: "beta-tc",
    batch: 64,
    regularizers: [{ type: "total-correlation", weight: 5, estimator: "weighted" }],
    target: 0.9,
  },
  {
    title: "FactorVAE, MLP 784-400-10, discriminator of 6 x 1000, B=64",
    loss: "factor",
    batch: 64,
    regularizers: [
      {
        type: "adversarial-total-correlation",
        weight: 10,
        hidden: Array(6).fill(1000),
        activation: "leaky-relu",
        optimizer: { type: "adam", learningRate: 0.0001, beta1: 0.5, beta2: 0.9 },
      },
    ],
    target: 0.9,
  },
];

export const run = (options) =>
  besidePytorch(
    OBJECTIVES.map((own) => ({ ...NET, ...own, size: DATA.train })),
    options,
  );
