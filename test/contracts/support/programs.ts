/** A test-only model with an objective of its own as a training step, and a host's view of what it computes. */
import type { Model, Objective, Optimizer } from "../../../src/contracts/index.js";
import type { Host, HostTensors, Program } from "../../../src/contracts/program.js";
import { eagerRunner } from "../../../src/engine/eager.js";
import type { Engine } from "../../../src/engine/engine.js";
import { scalarInputs } from "../../../src/experiments/training/batches.js";
import type { BatchInputs, KeyedBatch } from "../../../src/inference/step.js";
import { phasesDue, trainingProgram } from "../../../src/inference/training-program.js";
import { elbo } from "../../../src/losses/elbo.js";
import { noiseKey } from "../../../src/numerics/streams.js";
import { adam } from "../../../src/optimizers/adam.js";
import type { Noise } from "../../../src/tensor/keyed-noise.js";
import { keyedNoise } from "../../../src/tensor/keyed-noise.js";
import type { Bindings, ParameterStore } from "../../../src/tensor/parameters.js";
import type { Stepping } from "../../../src/testing/steps.js";
import { build } from "../../support/components.js";
import { named } from "../../support/schedules.js";

/** The shipped bound and optimizer over a model that only a test has. `fed` gives a step's fields, masks and index. */
export const stepOf = (
  model: Model,
  store: ParameterStore,
  fed: (step: number) => Host<BatchInputs>,
  samples = 2,
): Stepping => {
  const [beta, rate] = [named("beta", 1), named("rate", 0.01)];
  const objective: Objective = build(elbo, { beta, samples }, { parameters: store.scope("objective"), model });
  const optimizer: Optimizer = build(adam, { learningRate: rate }, {});
  const program = trainingProgram({
    model,
    objective,
    optimizer,
    store,
    initialValues: store.initialValues(1),
    trainingSize: 12,
  });
  return {
    program,
    variantAt: (step) => phasesDue(objective, step),
    inputsAt: (step, keyStep = step) => ({
      ...fed(step),
      scalars: scalarInputs({ beta: Math.min(1, (step + 1) / 10), rate: 0.01 }),
      key: { shape: [2], data: noiseKey(1, "noise", keyStep) },
    }),
  };
};

/** Runs `body` with parameters bound, on tensors of the inputs, and brings what it returns to the host. */
export const computed = (
  engine: Engine,
  store: ParameterStore,
  parameters: HostTensors,
  inputs: Partial<Host<KeyedBatch>>,
  body: (inputs: KeyedBatch, noise: Noise) => Bindings,
): HostTensors => {
  const program: Program<Bindings, KeyedBatch> = {
    name: "computed",
    initialState: parameters,
    run: (state, fed, { kernels }) => ({
      outputs: store.bind(state, () => body(fed, keyedNoise(kernels, fed.key))),
      state: {},
    }),
  };
  const running = eagerRunner(engine.noise).start(program);
  try {
    const key = { shape: [2], data: noiseKey(1, "computed", 0) };
    const index = { shape: [0], data: new Int32Array(0) };
    return running.call({ fields: {}, index, key, ...inputs });
  } finally {
    running.dispose();
  }
};
