import { beforeAll, expect, test } from "vitest";
import type { Engine } from "../../src/engine/engine.js";
import { loadWritten, setUp } from "../../src/testing/experiment.js";
import { assertCapturedLikeEager, runEagerly } from "../../src/testing/steps.js";
import { useEngine } from "../support/engine.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

test.each([
  ["below the target", 5, { minimum: 0, maximum: 1 }],
  ["above the target", 0, { minimum: 0, maximum: 1 }],
  ["above the target, at the limit", 0, { minimum: 0.1, maximum: 0.105 }],
])("beta follows the error of the rate and the sum of errors: %s", async (_, target, limits) => {
  const gains = { proportional: 0.02, integral: 0.01 };
  const made = await setUp(await loadWritten({ objective: { type: "control-vae", target, ...gains, ...limits } }));
  const { outputs, state } = runEagerly(engine.noise, made, [0, 1, 2, 3]);
  let sum = 0;
  for (const each of outputs) {
    const term = (name: string): number => each[`control-vae.${name}`]!.data[0]!;
    const error = target - term("rate");
    const candidate = sum - gains.integral * error;
    const wanted = limits.minimum + gains.proportional / (1 + Math.exp(error)) + candidate;
    expect(term("beta")).toBeCloseTo(Math.min(Math.max(wanted, limits.minimum), limits.maximum), 5);
    expect(term("loss")).toBeCloseTo(term("distortion") + limits.maximum * Math.abs(error), 3);
    if (!((wanted > limits.maximum && error < 0) || (wanted < limits.minimum && error > 0))) sum = candidate;
  }
  expect(state["objective/sum"]!.data[0]).toBeCloseTo(sum, 5);
  assertCapturedLikeEager(engine, made, 3);
});

test("limits that leave no room are refused", async () => {
  const objective = { type: "control-vae", target: 5, minimum: 2 };
  await expect(loadWritten({ objective })).rejects.toThrow('"minimum" 2 of control-vae is not below its "maximum" 1');
});
