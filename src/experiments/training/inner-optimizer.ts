/** Optimizer for training inside an evaluation (refit, feature extractor): Adam with a learning rate fed by the caller. */
import type { Optimizer } from "../../contracts/optimizer.js";
import type { Builder } from "../../registry/components/build.js";

export const innerAdam = (builder: Builder, learningRate: number, pointer: string): Promise<Optimizer> =>
  builder.build(
    "optimizer",
    {
      type: "adam",
      learningRate: { type: "constant", value: learningRate },
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
    },
    pointer,
    { optimizer: () => ({}), schedule: () => ({ totalSteps: 1 }) },
  );
