/** Many calls, many programs: nothing grows. */
import { mkdtempSync, readdirSync, rmdirSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { capturedRunner } from "../../../src/engine/capture/runner.js";
import type { Engine } from "../../../src/engine/engine.js";
import { type NativeBinding, nativeBackend } from "../../../src/engine/native/backend.js";
import { type SessionAddon, sessionAddon } from "../../../src/engine/native/session-addon.js";
import { tf } from "../../../src/tensor/tensor.js";
import { useEngine } from "../../support/engine.js";
import { vaeInputs, vaeProgram } from "./programs.js";

let engine: Engine;
let binding: NativeBinding;
let addon: SessionAddon;
beforeAll(async () => {
  engine = await useEngine();
  binding = nativeBackend(engine.tf).binding;
  addon = sessionAddon(engine.folder, createRequire(join(engine.folder, "package.json")))!;
});

test("20,000 steps hold no more tensors than one, and no more memory than 2,000", () => {
  const running = capturedRunner(engine, { mode: "require" }).start(vaeProgram());
  const batches = Array.from({ length: 50 }, (_, step) => vaeInputs(step));
  let last = Number.NaN;
  const steps = (from: number, to: number): void => {
    for (let step = from; step < to; step++) last = running.call(batches[step % 50]!, "elbo").elbo!.loss!.data[0]!;
  };
  steps(0, 1);
  const tensors = tf.memory().numTensors;
  const native = binding.getNumOfTensors();
  steps(1, 2000);
  const settled = process.memoryUsage().rss;
  steps(2000, 20_000);
  expect(process.memoryUsage().rss).toBeLessThan(settled * 1.1);
  expect(tf.memory().numTensors).toBe(tensors);
  expect(binding.getNumOfTensors()).toBe(native);
  expect(last).toBeLessThan(8);
  running.dispose();
});

test("programs that were disposed of leave no tensors, sessions or files", () => {
  const { TMPDIR } = process.env;
  const folder = mkdtempSync(join(tmpdir(), "vaelab-test-"));
  process.env.TMPDIR = folder;
  try {
    const sessions = (): number => addon.count() + binding.getNumOfSavedModels();
    const held = (): number[] => [tf.memory().numTensors, binding.getNumOfTensors(), sessions()];
    const before = held();
    for (let i = 0; i < 3; i++) {
      const running = capturedRunner(engine, { mode: "require" }).start(vaeProgram());
      running.call(vaeInputs(0), "elbo");
      running.call(vaeInputs(0, { batch: 2 }), "elbo");
      expect(sessions()).toBe(before[2]! + 1);
      running.dispose();
    }
    expect(held()).toEqual(before);
    expect(readdirSync(folder)).toEqual([]);
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    rmdirSync(folder);
  }
});
