/** Codes of examples come from what the run kept of its split, if it kept those of all examples. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { codedExamples } from "../../../src/experiments/explore/coded-examples.js";
import type { LoadedRun } from "../../../src/experiments/runs/load-run.js";
import { RUN_FILES, SAMPLE_FILES } from "../../../src/storage/layout.js";
import { writeNpz } from "../../../src/storage/npz.js";

/** A run that kept the codes of three test examples; encoding others is refused. */
const keeping = (size: number): LoadedRun => {
  const folder = mkdtempSync(join(tmpdir(), "vaelab-coded-"));
  const samples = join(folder, RUN_FILES.samples);
  mkdirSync(samples);
  const layout = { samplers: [], codes: { split: "test", checkpoint: "of these weights" } };
  writeFileSync(join(samples, SAMPLE_FILES.layout), JSON.stringify(layout));
  writeNpz(join(samples, SAMPLE_FILES.latents), { codes: { shape: [3, 2], data: Float32Array.of(0, 1, 2, 3, 4, 5) } });
  const split = (): never => {
    throw new Error("encoded anew");
  };
  const trained = { dataset: { sizes: { test: size }, split }, model: {} };
  return { folder, checkpoint: { sha256: "of these weights" }, trained } as unknown as LoadedRun;
};

test("kept codes are read, in the order asked", async () => {
  const { codes, dimensions } = await codedExamples(keeping(3), "test").encode(Int32Array.of(2, 0));
  expect([Array.from(codes), dimensions]).toEqual([[4, 5, 0, 1], 2]);
});

test("those of fewer examples than the split has are not: the model is asked", async () => {
  await expect(codedExamples(keeping(4), "test").encode(Int32Array.of(3))).rejects.toThrow("encoded anew");
});
