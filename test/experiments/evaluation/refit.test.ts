/** The steps of a refit: as many as its epochs have, each example of an epoch once, and a learning rate that falls to 0. */
import { beforeAll, expect, test } from "vitest";
import type { Host, ProgramRunner } from "../../../src/contracts/program.js";
import { eagerRunner } from "../../../src/engine/eager.js";
import type { Engine } from "../../../src/engine/engine.js";
import { refitEncoder } from "../../../src/experiments/evaluation/refit.js";
import { innerAdam } from "../../../src/experiments/training/inner-optimizer.js";
import type { TrainingInputs } from "../../../src/inference/training-program.js";
import { loadWritten, setUp } from "../../contracts/support/experiment.js";
import { useEngine } from "../../support/engine.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

/** Notes what each step is fed. */
const noting = (runner: ProgramRunner, fed: Host<TrainingInputs>[]): ProgramRunner => ({
  identity: runner.identity,
  start: (program) => {
    const running = runner.start(program);
    return {
      mode: running.mode,
      call: (inputs, variant) => {
        fed.push(structuredClone(inputs) as unknown as Host<TrainingInputs>);
        return running.call(inputs, variant);
      },
      readState: () => running.readState(),
      writeState: (state) => running.writeState(state),
      dispose: () => running.dispose(),
    };
  },
});

const EPOCHS = 3;
const BATCH = 5;
const RATE = 0.02;

test("the learning rate is a half cosine over all steps, and each epoch has an order of its own", async () => {
  const { assembled, dataset, spec, builder } = await setUp(await loadWritten({}));
  const fed: Host<TrainingInputs>[] = [];
  await refitEncoder(
    {
      ...assembled,
      dataset,
      seed: spec.seed,
      parameters: assembled.initialValues,
      runner: noting(eagerRunner(engine.noise), fed),
    },
    { epochs: EPOCHS, learningRate: RATE, batchSize: BATCH, optimizer: await innerAdam(builder, RATE, "/refit") },
  );
  // Twelve examples: two whole batches an epoch.
  expect(dataset.sizes.train).toBe(12);
  expect(fed).toHaveLength(6);
  // cos(k pi / 6) for k = 0 ... 5.
  const cosines = [1, Math.sqrt(3) / 2, 0.5, 0, -0.5, -Math.sqrt(3) / 2];
  for (const [step, inputs] of fed.entries())
    expect(inputs.scalars["refit.learningRate"]!.data[0]).toBeCloseTo((RATE * (1 + cosines[step]!)) / 2, 8);
  const orders = [0, 2, 4].map((first) => [first, first + 1].flatMap((step) => [...fed[step]!.index.data]));
  for (const order of orders) {
    expect(order).toHaveLength(2 * BATCH);
    expect(new Set(order).size).toBe(2 * BATCH);
  }
  expect(new Set(orders.map(String)).size).toBe(EPOCHS);
});
