/** The steps of a refit: as many as its epochs have, each example of an epoch once, and a learning rate that falls to 0. */
import { beforeAll, expect, test } from "vitest";
import type { Host, ProgramRunner } from "../../../src/contracts/program.js";
import { eagerRunner } from "../../../src/engine/eager.js";
import type { Engine } from "../../../src/engine/engine.js";
import { refitEncoder } from "../../../src/experiments/evaluation/refit.js";
import { evaluateRun } from "../../../src/experiments/index.js";
import { innerAdam } from "../../../src/experiments/training/inner-optimizer.js";
import type { TrainingInputs } from "../../../src/inference/training-program.js";
import type { ExperimentSpec } from "../../../src/spec/experiment-schema.js";
import { loadWritten, setUp } from "../../../src/testing/experiment.js";
import { useEngine } from "../../support/engine.js";
import { newFolder, refusalOf, runIn, statusOf } from "../support/runs.js";

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

/** Refits at a rate at which nothing converges: Adam moves every weight by it. */
const SPEC = {
  name: "wild",
  seed: 1,
  data: { type: "gaussian", train: 96, validation: 20, test: 20 },
  model: { latent: 2, encoder: { type: "mlp", hidden: [4] }, likelihood: "gaussian" },
  training: { epochs: 1, batchSize: 32 },
  evaluation: { metrics: [{ type: "iwae-nll", samples: 5 }], refit: { epochs: 2, learningRate: 1e30 } },
} satisfies ExperimentSpec;

test("one that diverges ends the run, whose weights can be scored by another", async () => {
  const out = newFolder();
  const error = await refusalOf(runIn(SPEC, {}, out));
  expect(error).toMatchObject({ code: "DIVERGED", exitCode: 1 });
  expect(error.problems[0]!.message).toMatch(
    /^the refit of the encoder diverged at step [1-5] of 6: its loss became (NaN|Infinity)$/,
  );
  expect(error.problems[0]!.remedy).toContain("vaelab evaluate RUN --set evaluation.refit.learningRate=1e+29");
  expect(statusOf(out)).toMatchObject({ state: "failed", exit: 1, step: 3, totalSteps: 3 });
  const { metrics } = await evaluateRun({ run: out, set: ["evaluation.refit.learningRate=0.001"], replace: true });
  expect(statusOf(out)).toMatchObject({ state: "finished", exit: 0 });
  expect(metrics.measurements.nll?.value ?? Number.NaN).toBeGreaterThan(0);
});

test("a run that failed before it was trained is not evaluated", async () => {
  const out = newFolder();
  const spec = { ...SPEC, training: { ...SPEC.training, epochs: 3, optimizer: { type: "sgd", learningRate: 1e30 } } };
  expect((await refusalOf(runIn(spec as ExperimentSpec, {}, out))).code).toBe("DIVERGED");
  expect((await refusalOf(evaluateRun({ run: out }))).problems[0]!.message).toBe("the run is failed, not finished");
});

const EPOCHS = 3;
const BATCH = 5;
const RATE = 0.02;

test("schedules of the model have ended: a refit at the final temperature of a posterior, to the byte", async () => {
  const refitted = async (temperature: object | number) => {
    const z = { shape: [3], posterior: { type: "gumbel-softmax", temperature }, prior: "categorical" };
    const { assembled, dataset, spec, builder } = await setUp(await loadWritten({ model: { latents: { z } } }));
    const trained = { ...assembled, dataset, seed: spec.seed, parameters: assembled.initialValues };
    return refitEncoder(
      { ...trained, runner: eagerRunner(engine.noise) },
      { epochs: 1, learningRate: RATE, batchSize: BATCH, optimizer: await innerAdam(builder, RATE, "/refit") },
    );
  };
  const annealed = await refitted({ type: "linear", initial: 2, final: 0.6 });
  expect(annealed).toEqual(await refitted(0.6));
  expect(annealed).not.toEqual(await refitted(2));
});

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
