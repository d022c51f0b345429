/** What counts as a gain: a run that stops early keeps the checkpoint that its logged validation losses say is the best. */
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { earlyStopOf } from "../../../src/experiments/training/early-stopping.js";
import type { TrainingState } from "../../../src/experiments/training/training-state.js";
import type { ExperimentSpec, ResolvedSpec } from "../../../src/spec/experiment-schema.js";
import { readCheckpoint } from "../../../src/storage/checkpoint.js";
import { RUN_FILES } from "../../../src/storage/layout.js";
import { readHistory } from "../../../src/storage/read-history.js";
import { RESTART } from "../support/restart-spec.js";
import { runIn } from "../support/runs.js";

/** Five epochs of eight steps. */
const SPEC = {
  ...RESTART,
  objective: { type: "elbo", beta: 1 },
  training: { epochs: 5, batchSize: 32, optimizer: { type: "sgd", learningRate: 0.01 } },
  evaluation: { metrics: ["elbo"], refit: { epochs: 0 } },
} satisfies ExperimentSpec;

const trained = async (earlyStopping?: { patience: number; minimumGain?: number }) => {
  const training = { ...SPEC.training, ...(earlyStopping && { earlyStopping }) };
  const folder = await runIn({ ...SPEC, training });
  const losses = readHistory(join(folder, RUN_FILES.history))
    .entries.filter(({ split, name }) => split === "validation" && name === "loss")
    .map(({ value }) => value);
  const { state } = readCheckpoint(folder, "latest", (message) => expect.unreachable(message));
  return { losses, best: (state as TrainingState).best };
};

/** Of the epochs after the first, in nats an example. */
let gains: number[];
let losses: number[];
beforeAll(async () => {
  ({ losses } = await trained());
  gains = losses.slice(1).map((loss, i) => losses[i]! - loss);
});

test("the losses fall by less and less", () => {
  expect(losses).toHaveLength(5);
  for (const [i, gain] of gains.entries()) {
    expect(gain).toBeGreaterThan(0);
    if (i > 0) expect(gain).toBeLessThan(gains[i - 1]!);
  }
});

test("any fall is a gain where no minimum is set", async () => {
  expect(await trained({ patience: 1 })).toEqual({ losses, best: { step: 40, loss: losses[4] } });
});

test("a fall below minimumGain is none, and ends the patience", async () => {
  const minimumGain = (gains[0]! + gains[1]!) / 2;
  const found = await trained({ patience: 1, minimumGain });
  expect(found).toEqual({ losses: losses.slice(0, 3), best: { step: 16, loss: losses[1] } });
});

test("falls that are too small alone add up, for each loss is held against the best", async () => {
  const minimumGain = gains[1]! + gains[2]! / 2;
  expect(minimumGain).toBeLessThan(gains[0]!);
  // Epoch 3 is no gain over epoch 2, epoch 4 is one; epoch 5 is none over epoch 4.
  const found = await trained({ patience: 2, minimumGain });
  expect(found).toEqual({ losses, best: { step: 32, loss: losses[3] } });
});

test("a run whose patience runs out after its last step was not stopped early", () => {
  const training = { earlyStopping: { patience: 3 } } as ResolvedSpec["training"];
  const length = { stepsPerEpoch: 8, totalSteps: 40 };
  const at = (step: number, validationsSinceBest = 3) => earlyStopOf({ step, validationsSinceBest }, training, length);
  expect(at(32)).toEqual({ epoch: 4, validations: 3 });
  expect(at(40)).toBeUndefined();
  expect(at(32, 2)).toBeUndefined();
});
