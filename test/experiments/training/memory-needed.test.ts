/** The least memory of a training, against a sum done by hand. */
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { assertFits } from "../../../src/experiments/training/memory-needed.js";
import type { ExperimentSpec } from "../../../src/spec/experiment-schema.js";
import { loadWritten, setUp } from "../../../src/testing/experiment.js";
import { useEngine } from "../../support/engine.js";
import { abortWhen, newFolder, refusalOf, runIn, statusOf } from "../support/runs.js";

const MODEL = { latent: 2, encoder: { type: "mlp", hidden: [10] }, decoder: { type: "mlp", hidden: [10] } };
const message = (call: () => void): string => {
  try {
    call();
  } catch (error) {
    return (error as Error).message;
  }
  return "fits";
};

const DATA = { type: "gaussian", dimensions: 4, train: 100, validation: 10, test: 10 } as const;

test("parameters, slots, averages, copies for a checkpoint and resident examples are added up", async () => {
  await useEngine();
  const written = await loadWritten({
    data: DATA,
    model: { ...MODEL, likelihood: "gaussian" },
    training: { batchSize: 10, optimizer: { type: "adam" }, ema: { decay: 0.9 } },
  });
  const { assembled, dataset } = await setUp(written);
  const model = { ...assembled, dataset, averaged: true };
  // Encoder (4 + 1) 10, posterior (10 + 1) 2 2, decoder (2 + 1) 10 and (10 + 1) 4: all trained, with two moments and an average.
  const P = 50 + 44 + 30 + 44;
  const bytes = 4 * (4 * P + 3 * 3 * P) + 2 * 4 * 400;
  expect(message(() => assertFits(model, () => bytes))).toBe("fits");
  const refused = message(() => assertFits(model, () => bytes - 1));
  expect(refused).toContain(`${P} parameters, ${2 * P} optimizer slots, ${P} averages`);
  expect(refused).toContain("leave out training.ema");
  expect(message(() => assertFits({ ...model, averaged: false }, () => bytes - 12 * P))).toBe("fits");
  expect(message(() => assertFits({ ...model, averaged: false }, () => bytes - 12 * P - 1))).not.toContain("averages");
});

test("a run that cannot fit is refused before its weights are drawn, and leaves no folder", async () => {
  const out = newFolder();
  const start = performance.now();
  const error = await refusalOf(
    runIn(
      {
        name: "large",
        data: DATA,
        // 49 matrices of 22,000 squared: 88 GiB, ten times over.
        model: { ...MODEL, encoder: { type: "mlp", hidden: Array(50).fill(22_000) }, likelihood: "gaussian" },
        training: { batchSize: 10 },
      } as ExperimentSpec,
      {},
      out,
    ),
  );
  expect(error).toMatchObject({ code: "MEMORY", exitCode: 1 });
  expect(error.problems[0]!.message).toMatch(
    /^training needs at least \d+\.\d GiB of memory, and \d+\.\d GiB is free: /,
  );
  expect(error.problems[0]!.message).not.toContain("averages");
  expect(performance.now() - start).toBeLessThan(10_000);
  expect(existsSync(out)).toBe(false);
});

test("a model of 5,000 layers is refused with a reason", async () => {
  const out = newFolder();
  const model = { ...MODEL, encoder: { type: "mlp", hidden: Array(5000).fill(4) }, likelihood: "gaussian" };
  const error = await refusalOf(
    runIn({ name: "deep", data: DATA, model, training: { batchSize: 10 } } as ExperimentSpec, {}, out),
  );
  expect(error).toMatchObject({ code: "SPEC_COMBINATION", exitCode: 2 });
  expect(error.problems[0]!.message).toContain("weight arrays");
  expect(existsSync(out)).toBe(false);
});

test("a deep model announces that its first step takes long", async () => {
  const phases: string[] = [];
  const model = { ...MODEL, encoder: { type: "mlp", hidden: Array(150).fill(2) }, likelihood: "gaussian" };
  const listening = abortWhen((event) => {
    if (event.type === "phase") phases.push(event.name);
    return event.type === "phase" && event.name === "training";
  });
  const spec = { name: "deep", data: DATA, model, training: { batchSize: 10 } } as ExperimentSpec;
  expect((await refusalOf(runIn(spec, listening))).code).toBe("INTERRUPTED");
  // 150 layers of the encoder, 1 of the posterior, 2 of the decoder, and the likelihood's scale.
  expect(phases.at(-2)).toMatch(/^preparing the first step: with 30\d weight arrays that can take minutes/);
});

test("drawing orthogonal weights can be interrupted, and is reported", async () => {
  const out = newFolder();
  const encoder = { type: "mlp", hidden: [3000, 3000], initializer: "orthogonal" };
  const seen: string[] = [];
  let aborted = Number.POSITIVE_INFINITY;
  const listening = abortWhen((event) => {
    if (event.type === "phase") seen.push(event.name);
    if (event.type !== "progress" || event.name !== "initial weights") return false;
    expect(event.done).toBeGreaterThan(0);
    aborted = Math.min(aborted, performance.now());
    return true;
  });
  const spec = { name: "orthogonal", data: DATA, model: { ...MODEL, encoder, likelihood: "gaussian" } };
  const error = await refusalOf(runIn({ ...spec, training: { batchSize: 10 } } as ExperimentSpec, listening, out));
  expect(performance.now() - aborted).toBeLessThan(2000);
  expect(error).toMatchObject({ code: "INTERRUPTED", exitCode: 75 });
  expect(seen.at(-1)).toMatch(/^drawing 9\d{6} initial weights$/);
  expect(statusOf(out)).toMatchObject({ state: "interrupted", exit: 75, step: 0 });
});
