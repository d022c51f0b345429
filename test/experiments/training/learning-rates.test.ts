/** A learning rate on a schedule: fed step by step, logged, and no reason to wait for the best checkpoint. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Schedule } from "../../../src/contracts/schedule.js";
import { assertLearns } from "../../../src/experiments/training/learning-rates.js";
import type { TrainingState } from "../../../src/experiments/training/training-state.js";
import type { ExperimentSpec } from "../../../src/spec/experiment-schema.js";
import type { Written } from "../../../src/spec/spec-types.js";
import { readCheckpoint } from "../../../src/storage/checkpoint.js";
import { RUN_FILES } from "../../../src/storage/layout.js";
import { readHistory } from "../../../src/storage/read-history.js";
import { RESTART } from "../support/restart-spec.js";
import { abortWhen, atStep, newFolder, refusalOf, runIn } from "../support/runs.js";

test("whether it is ever above 0 is found out in a moment, however long the run", () => {
  const schedule = (at: (step: number) => number): Schedule => ({ name: "rate", at, final: 0, end: 0 }) as Schedule;
  const start = performance.now();
  expect(() => assertLearns([schedule(() => 0)], 1e12)).toThrow("the learning rate is 0 at all 1000000000000 steps");
  assertLearns([schedule((step) => (step === 1e12 - 1 ? 1 : 0))], 1e12);
  assertLearns([schedule((step) => (step === 5 ? 1 : 0))], 6);
  expect(performance.now() - start).toBeLessThan(2000);
});

/** Two epochs of eight steps. */
const SPEC = {
  ...RESTART,
  objective: { type: "elbo", beta: 1 },
  training: {
    epochs: 2,
    batchSize: 32,
    optimizer: { type: "sgd", learningRate: { type: "cosine", initial: 0.01, final: 0 } },
  },
  evaluation: { metrics: ["elbo"], refit: { epochs: 0 } },
} satisfies ExperimentSpec;

test("falls along its cosine over the whole run", async () => {
  const measured = readHistory(join(await runIn(SPEC), RUN_FILES.history)).entries;
  const rates = measured.filter(({ name }) => name === "training.optimizer.learningRate").map(({ value }) => value);
  // Logged as of the last step of each epoch.
  const expected = [7, 15].map((step) => (0.01 * (1 + Math.cos((Math.PI * step) / 16))) / 2);
  expect(rates).toHaveLength(2);
  for (const [i, rate] of expected.entries()) expect(rates[i]).toBeCloseTo(rate, 12);
});

const bestAfterOneEpoch = async (spec: ExperimentSpec): Promise<TrainingState["best"]> => {
  const out = newFolder();
  await refusalOf(runIn(spec, abortWhen(atStep(9)), out));
  return (readCheckpoint(out, "latest", (message) => expect.unreachable(message)).state as TrainingState).best;
};
test("leaves the first validation comparable with the later ones, as a moving weight does not", async () => {
  expect(await bestAfterOneEpoch(SPEC)).toMatchObject({ step: 8 });
  const beta = { type: "cosine", final: 1 } as const;
  expect(await bestAfterOneEpoch({ ...SPEC, objective: { type: "elbo", beta } })).toBeNull();
});

const NOTHING: Written<"schedule">[] = [
  { type: "linear", initial: 0, final: 0 },
  { type: "piecewise", points: [{ step: 0, value: 0 }] },
];
test.each(NOTHING)("that is 0 at every step is refused before anything is written: %j", async (learningRate) => {
  const out = newFolder();
  const training = { ...SPEC.training, optimizer: { type: "sgd" as const, learningRate } };
  const { problems } = await refusalOf(runIn({ ...SPEC, training }, {}, out));
  const message = expect.stringContaining("is 0 at all 16 steps");
  expect(problems).toMatchObject([{ message, where: "/training/optimizer/learningRate" }]);
  expect(existsSync(out)).toBe(false);
});
