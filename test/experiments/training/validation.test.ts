/** Validation scores the objective at its schedules' final values from the first epoch on, or its losses would not compare. */
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ExperimentSpec } from "../../../src/spec/experiment-schema.js";
import { RUN_FILES } from "../../../src/storage/layout.js";
import { readHistory } from "../../../src/storage/read-history.js";
import { RESTART } from "../support/restart-spec.js";
import { runIn } from "../support/runs.js";

/** Two epochs of eight steps; beta is 0 at first, and 4 from step 12 on. */
const SPEC = {
  ...RESTART,
  objective: { type: "elbo", beta: { type: "linear", initial: 0, final: 4, steps: 12 } },
  training: { epochs: 2, batchSize: 32 },
  evaluation: { metrics: ["elbo"], refit: { epochs: 0 } },
} satisfies ExperimentSpec;

test("the validation loss is distortion + 4 rate in every epoch, whatever beta training had", async () => {
  const history = readHistory(join(await runIn(SPEC), RUN_FILES.history)).entries;
  const at = (split: string, epoch: number, name: string): number =>
    history.find((line) => line.split === split && line.epoch === epoch && line.name === name)!.value;
  // Of the last step of each epoch, 7 and 15.
  expect([1, 2].map((epoch) => at("train", epoch, "objective.beta"))).toEqual([(4 * 7) / 12, 4]);
  for (const epoch of [1, 2]) {
    const [loss, distortion, rate] = ["loss", "distortion", "rate"].map((name) => at("validation", epoch, name));
    expect(rate).toBeGreaterThan(0.1);
    expect(loss! / (distortion! + 4 * rate!)).toBeCloseTo(1, 5);
  }
});
