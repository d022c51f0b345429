import { beforeAll, expect, test } from "vitest";
import type { Engine } from "../../src/engine/engine.js";
import { loadWritten, setUp } from "../../src/testing/experiment.js";
import { assertCapturedLikeEager, runEagerly } from "../../src/testing/steps.js";
import { useEngine } from "../support/engine.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

test("the multiplier follows the moving average of the constraint, within its limits", async () => {
  const objective = { type: "geco", tolerance: 20, decay: 0.5, speed: 0.05, maximum: 3 };
  const made = await setUp(await loadWritten({ objective }));
  const { outputs, state } = runEagerly(engine.noise, made, [0, 1, 2, 3]);
  let [average, multiplier] = [0, 1];
  for (const each of outputs) {
    const term = (name: string): number => each[`geco.${name}`]!.data[0]!;
    expect(term("multiplier")).toBeCloseTo(multiplier, 4);
    const constraint = term("distortion") - 20;
    expect(term("constraint")).toBeCloseTo(constraint, 4);
    expect(term("loss")).toBeCloseTo(term("rate") + 3 * Math.max(constraint, 0), 3);
    average = 0.5 * average + 0.5 * constraint;
    multiplier = Math.min(Math.max(multiplier * Math.exp(0.05 * average), 0.01), 3);
  }
  expect(state["objective/multiplier"]!.data[0]).toBeCloseTo(multiplier, 4);
  expect(state["objective/constraint"]!.data[0]).toBeCloseTo(average, 3);
  assertCapturedLikeEager(engine, made, 3);
});

test("limits that leave no room are refused, and so is a posterior without density", async () => {
  const objective = { type: "geco", tolerance: 20, minimum: 5, maximum: 2 };
  await expect(loadWritten({ objective })).rejects.toThrow('"minimum" 5 of geco is not below its "maximum" 2');
  const model = { posterior: "deterministic" };
  await expect(loadWritten({ model, objective: { type: "geco", tolerance: 20 } })).rejects.toThrow(
    'the objective "geco" needs a posterior with "density", which posterior "deterministic" does not have',
  );
});
