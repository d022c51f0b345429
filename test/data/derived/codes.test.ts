/** Codes of a finished run as data: what they are, that they stay what they were, and what is refused. */
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { builtins } from "../../../src/builtins.js";
import type { Dataset, SplitName } from "../../../src/contracts/dataset.js";
import type { Engine } from "../../../src/engine/engine.js";
import { runEncoder } from "../../../src/experiments/runs/load-run.js";
import { standardScope } from "../../../src/experiments/services/standard.js";
import { loadDataset } from "../../../src/experiments/training/checked-dataset.js";
import { createBuilder } from "../../../src/registry/components/build.js";
import { createCatalogue } from "../../../src/registry/components/catalogue.js";
import { loadExperimentValue } from "../../../src/registry/experiment.js";
import { planTrials } from "../../../src/registry/planning/trials.js";
import { readCheckpoint } from "../../../src/storage/checkpoint.js";
import { readJson } from "../../../src/storage/json.js";
import { readStatus, writeStatus } from "../../../src/storage/status.js";
import { tf } from "../../../src/tensor/tensor.js";
import { copyOf, refusalOf, runIn } from "../../experiments/support/runs.js";
import { useEngine } from "../../support/engine.js";
import { noiseOf, valuesOf } from "../../support/tensors.js";

const LATENT = 3;
const SIZES = { train: 60, validation: 20, test: 30 };
const catalogue = createCatalogue(builtins);
const m2 = (run: string, fields: object = {}) =>
  ({
    name: "m2",
    data: { type: "codes", run, ...fields },
    model: {
      latents: { y: { observed: "label" }, z: { size: 2, inferredFrom: ["data", "y"] } },
      encoder: { type: "mlp", hidden: [8] },
      likelihood: "gaussian",
    },
    training: { epochs: 1, batchSize: 20 },
    evaluation: { metrics: ["elbo", "accuracy"], refit: { epochs: 0 } },
  }) as const;

let engine: Engine;
let m1: string;
beforeAll(async () => {
  engine = await useEngine();
  m1 = await runIn({
    name: "m1",
    data: { type: "digits", ...SIZES },
    model: { latent: LATENT, encoder: { type: "mlp", hidden: [8] } },
    training: { epochs: 1, batchSize: 20 },
    evaluation: { metrics: [{ type: "elbo", samples: 1 }], refit: { epochs: 0 } },
  });
});

const load = (spec: object) => loadExperimentValue(spec, { catalogue });
const make = async (fields: object = {}): Promise<Dataset> => {
  const { spec, folder } = await load(m2(m1, fields));
  return loadDataset(
    spec,
    await createBuilder(catalogue),
    { folder },
    { encoder: runEncoder(engine, standardScope()) },
  );
};
const read = (dataset: Dataset, name: SplitName, purpose: "training" | "evaluation" = "evaluation") => {
  const split = dataset.split(name, purpose);
  return split.read(Array.from({ length: split.size }, (_, i) => i));
};

/** The mean and log-variance that the run's weights give for its test images, by a perceptron written here. */
const posterior = async (): Promise<{ mean: number[][]; logVariance: number[][] }> => {
  const { model } = readCheckpoint(m1, "best", (message) => {
    throw new Error(message);
  });
  const { spec, folder } = await load(readJson(join(m1, "resolved.json")) as object);
  const digits = await loadDataset(
    spec,
    await createBuilder(catalogue),
    { folder },
    {
      encoder: runEncoder(engine, standardScope()),
    },
  );
  const { image } = read(digits, "test");
  const dense = (x: readonly number[], name: string): number[] => {
    const { shape, data } = model[`${name}/weights`]!;
    return Array.from({ length: shape[1]! }, (_, j) =>
      x.reduce((sum, value, i) => sum + value * data[i * shape[1]! + j]!, model[`${name}/bias`]!.data[j]!),
    );
  };
  const features = Array.from({ length: SIZES.test }, (_, i) =>
    dense(Array.from(image!.subarray(784 * i, 784 * (i + 1))), "encoder/dense-0").map((value) => Math.max(0, value)),
  );
  return {
    mean: features.map((x) => dense(x, "posterior/mean")),
    logVariance: features.map((x) => dense(x, "posterior/log-variance")),
  };
};

describe("codes", () => {
  test("are the posterior's means, on the run's own splits and labels", async () => {
    const dataset = await make({ sample: false });
    expect(dataset.sizes).toEqual(SIZES);
    const { code, label } = read(dataset, "test");
    const { mean } = await posterior();
    for (const [i, value] of mean.flat().entries()) expect(code![i]).toBeCloseTo(value, 4);
    const { spec, folder } = await load(readJson(join(m1, "resolved.json")) as object);
    const digits = await loadDataset(
      spec,
      await createBuilder(catalogue),
      { folder },
      {
        encoder: runEncoder(engine, standardScope()),
      },
    );
    expect(label).toEqual(read(digits, "test").label);
    expect(dataset.transform).toBeUndefined();
  });

  test("are draws from it: their mean and variance over many, within sampling error", async () => {
    const draws = 400;
    const dataset = await make({ draws });
    const split = dataset.split("test", "training");
    const all = split.read(Array.from({ length: SIZES.test }, (_, i) => i)).code!;
    expect(split.fields!.code!.shape).toEqual([draws, LATENT]);
    const { mean, logVariance } = await posterior();
    for (let i = 0; i < SIZES.test; i++)
      for (let d = 0; d < LATENT; d++) {
        const values = Array.from({ length: draws }, (_, s) => all[(i * draws + s) * LATENT + d]!);
        const center = values.reduce((sum, value) => sum + value, 0) / draws;
        const spread = values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (draws - 1);
        const variance = Math.exp(logVariance[i]![d]!);
        expect(Math.abs(center - mean[i]![d]!)).toBeLessThan(5 * Math.sqrt(variance / draws));
        expect(Math.abs(spread / variance - 1)).toBeLessThan(6 * Math.sqrt(2 / draws));
      }
  });

  test("training takes turns with the draws, evaluation has the first", async () => {
    const dataset = await make({ draws: 5 });
    const rows = [3, 8, 1];
    const split = dataset.split("train", "training");
    const raw = split.read(rows).code!;
    const of = (step: number): number[] =>
      valuesOf(dataset.transform!({ code: tf.tensor(raw, [3, 5, LATENT]) }, noiseOf(engine, 1, step)).code!);
    const seen = new Set<string>();
    for (let step = 0; step < 40; step++) {
      const taken = of(step);
      rows.forEach((_, i) => {
        const value = taken.slice(i * LATENT, (i + 1) * LATENT).join();
        const choices = Array.from({ length: 5 }, (_, s) =>
          Array.from(raw.subarray((i * 5 + s) * LATENT, (i * 5 + s + 1) * LATENT)).join(),
        );
        expect(choices).toContain(value);
        seen.add(`${i} ${choices.indexOf(value)}`);
      });
    }
    expect(seen.size).toBe(15);
    const first = dataset.split("train", "evaluation").read(rows).code!;
    for (const i of rows.keys())
      expect(first.subarray(i * LATENT, (i + 1) * LATENT)).toEqual(raw.subarray(i * 5 * LATENT, (i * 5 + 1) * LATENT));
  });

  test("its seed alone moves the draws", async () => {
    const codes = async (fields: object) => read(await make(fields), "train").code;
    expect(await codes({ seed: 1 })).not.toEqual(await codes({ seed: 2 }));
    expect((await make({ seed: 1 })).sha256).not.toBe((await make({ seed: 2 })).sha256);
  });

  test("M2 on them runs from a spec to a report, and goes on while the first run is what it was", async () => {
    const folder = await runIn(m2(m1, { draws: 4 }));
    expect(existsSync(join(folder, "report.html"))).toBe(true);
    const { measurements } = readJson(join(folder, "metrics.json")) as {
      measurements: Record<string, { value: number }>;
    };
    expect(measurements["accuracy.label"]!.value).toBeGreaterThanOrEqual(0);
    expect(Number.isFinite(measurements.rate!.value)).toBe(true);
  });
});

describe("the run that they come from", () => {
  test("is part of what a run is: other weights, another name", async () => {
    const other = copyOf(m1);
    const [a, again] = [planTrials(await load(m2(m1)))[0]!, planTrials(await load(m2(m1)))[0]!];
    expect(a.id).toBe(again.id);
    const { content } = a.spec.data as { content?: string };
    expect(content).toMatch(/^[0-9a-f]{64}$/);
    expect((planTrials(await load(m2(other)))[0]!.spec.data as { content?: string }).content).toBe(content);
    const changed = await refusalOf(load(m2(m1, { content: "0".repeat(64) })));
    expect(changed.code).toBe("SPEC_COMBINATION");
    expect(changed.message).toMatch(/the weights of the run have changed/);
  });

  const folder = mkdtempSync(join(tmpdir(), "vaelab-codes-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const refused = async (run: string): Promise<string> => {
    const error = await refusalOf(load(m2(run)));
    expect(error.exitCode).toBe(2);
    return error.message;
  };
  test("is refused where it is not there, no run, or not finished", async () => {
    expect(await refused(join(folder, "none"))).toMatch(/there is no such run.*vaelab run SPEC --out/s);
    expect(await refused(folder)).toMatch(/this is not a run/);
    const half = copyOf(m1);
    writeStatus(half, { ...readStatus(half), state: "interrupted" });
    expect(await refused(half)).toMatch(/has not finished: it is interrupted.*vaelab resume/s);
  });
  test("is refused where its weights are damaged", async () => {
    const damaged = copyOf(m1);
    const steps = join(damaged, "checkpoints");
    cpSync(join(m1, "checkpoints"), steps, { recursive: true });
    writeFileSync(join(steps, "step-3", "model.safetensors"), "no weights");
    expect(await refused(damaged)).toMatch(/damaged|do not match/);
  });
});
