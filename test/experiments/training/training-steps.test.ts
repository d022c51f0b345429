/**
 * A run's first fifty steps against PyTorch's from the same weights, batches and noise (test/oracles/training_steps.py): losses
 * to 1e-4, captured and eager. The weight of the rate rises from 0 to 1 in the first forty, and some steps are clipped.
 *
 * Which epsilon: vaelab's Adam adds its 1e-8 to the root of the uncorrected second moment, as TensorFlow's does. PyTorch adds it
 * to the corrected one's: as if ours were 1e-8 sqrt(1 - b2^t), 3 % to 22 % of it in these steps. So PyTorch ran twice: given ours
 * exactly, step by step (`loss`), and as it is (`lossAsItIs`). 1e-4 holds for both, because next to no gradient is so small that
 * 1e-8 matters to it: the two are apart by 4e-7, 4e-7 and, with the VampPrior, 3e-5, and float32 from PyTorch's float64 by less
 * than 1e-6. In the case "epsilon" it is 1e-3, and the two are apart by 3e-2, so that a test can tell whose place it has.
 */
import { beforeAll, describe, expect, test } from "vitest";
import type { HostTensors } from "../../../src/contracts/program.js";
import { capturedRunner } from "../../../src/engine/capture/runner.js";
import { eagerRunner } from "../../../src/engine/eager.js";
import type { Engine } from "../../../src/engine/engine.js";
import { namedOutputs } from "../../../src/testing/steps.js";
import fixtures from "../../fixtures/training-steps.json" with { type: "json" };
import { useEngine } from "../../support/engine.js";
import { type StepsOfARun, stepsOfARun } from "../support/steps-of-a-run.js";

const TOLERANCE = 1e-4;
const MEASURED = ["loss", "distortion", "rate", "gradientNorm"] as const;
type Series = Record<(typeof MEASURED)[number], number[]>;

/** The largest relative difference. */
const apart = (actual: readonly number[], expected: readonly number[]): number => {
  expect(actual).toHaveLength(expected.length);
  return Math.max(...expected.map((value, step) => Math.abs(actual[step]! / value - 1)));
};

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const take = (mode: "captured" | "eager", { program, inputsAt, variantAt }: StepsOfARun, count: number): Series => {
  const runner = mode === "captured" ? capturedRunner(engine, { mode: "require" }) : eagerRunner(engine.noise);
  const running = runner.start(program);
  try {
    const outputs: HostTensors[] = [];
    for (let step = 0; step < count; step++) outputs.push(namedOutputs(running.call(inputsAt(step), variantAt(step))));
    expect(running.mode).toBe(mode);
    const of = (name: string): number[] => outputs.map((each) => each[`elbo.${name}`]!.data[0]!);
    return Object.fromEntries(MEASURED.map((name) => [name, of(name)])) as Series;
  } finally {
    running.dispose();
  }
};

describe.each(Object.entries(fixtures))("fifty steps of %s", (name, expected) => {
  let steps: StepsOfARun;
  beforeAll(async () => {
    steps = await stepsOfARun(expected.spec);
  });

  test("are some of them clipped and some not, in two epochs", () => {
    expect(expected.loss).toHaveLength(50);
    const clipped = expected.gradientNorm.filter((norm) => norm > expected.spec.training.clipNorm).length;
    expect(clipped).toBeGreaterThan(10);
    expect(clipped).toBeLessThan(40);
    expect(expected.spec.data.train / expected.spec.training.batchSize).toBeLessThan(50);
  });

  test.for(["captured", "eager"] as const)("are PyTorch's, %s", (mode, { skip }) => {
    skip(mode === "captured" && engine.name !== "native", "graphs are native");
    const taken = take(mode, steps, expected.loss.length);
    // Wasm adds one after the other in single precision: the first gradient of a shared scale, a sum of 150,528 numbers of both
    // signs, is off by 2e-3 there while all others agree. So norms and, in time, rates differ; the losses do not.
    const compared = engine.name === "native" ? MEASURED : (["loss"] as const);
    for (const measured of compared)
      expect(apart(taken[measured], expected[measured]), measured).toBeLessThan(TOLERANCE);
    const fromAsItIs = apart(taken.loss, expected.lossAsItIs);
    if (name === "epsilon") expect(fromAsItIs).toBeGreaterThan(0.01);
    else expect(fromAsItIs).toBeLessThan(TOLERANCE);
  });
});
