/** A run that begins from another run's weights: which, whether they move, and what is refused. */
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { builtins } from "../../../src/builtins.js";
import { createCatalogue } from "../../../src/registry/components/catalogue.js";
import { loadExperimentValue } from "../../../src/registry/experiment.js";
import { planTrials } from "../../../src/registry/planning/trials.js";
import type { ExperimentSpec } from "../../../src/spec/experiment-schema.js";
import { readCheckpoint } from "../../../src/storage/checkpoint.js";
import { refusalOf, resumeIn, runIn } from "../support/runs.js";

const spec = (more: Partial<ExperimentSpec> = {}, hidden = 6): ExperimentSpec => ({
  name: "warm",
  data: { type: "gaussian", train: 60, validation: 20, test: 20 },
  model: { latent: 2, encoder: { type: "mlp", hidden: [hidden] }, likelihood: "gaussian" },
  training: { epochs: 1, batchSize: 20 },
  evaluation: { metrics: [{ type: "elbo", samples: 1 }], refit: { epochs: 0 } },
  ...more,
});
const weightsOf = (folder: string, which: "latest" | "best" = "best") =>
  readCheckpoint(folder, which, (message) => {
    throw new Error(message);
  }).model;
const load = (value: ExperimentSpec) => loadExperimentValue(value, { catalogue: createCatalogue(builtins) });
const INFERENCE = /^(encoder|posterior)\//;

let first: string;
beforeAll(async () => {
  first = await runIn(spec());
});

describe("a run from another run's weights", () => {
  test("keeps those that are frozen to the byte, and trains the others", async () => {
    const folder = await runIn(spec({ seed: 5, warmStart: { run: first, frozen: true } }));
    const [before, after] = [weightsOf(first), weightsOf(folder)];
    for (const [name, { data }] of Object.entries(after)) {
      if (INFERENCE.test(name)) expect([name, data]).toEqual([name, before[name]!.data]);
      else expect(data).not.toEqual(before[name]!.data);
    }
  });

  test("keeps frozen statistics too: those of normalization, and a codebook under a prior that is trained afterwards", async () => {
    const model = {
      latents: { z: { shape: [3, 2], posterior: { type: "vector-quantized", codes: 4 }, prior: "categorical" } },
      encoder: { type: "layers", layers: [{ type: "dense", units: 6 }, "batch-norm"] },
      decoder: "mlp",
      likelihood: "gaussian",
    } as const;
    const codes = await runIn(spec({ model }));
    const prior = { type: "categorical", probabilities: "learned" } as const;
    const second = await runIn(
      spec({
        seed: 5,
        model: { ...model, latents: { z: { ...model.latents.z, prior } } },
        warmStart: { run: codes, frozen: true, parameters: ["encoder/", "latents/z/posterior/", "decoder/"] },
      }),
    );
    const [before, after] = [weightsOf(codes), weightsOf(second)];
    const statistics = Object.keys(after).filter((name) => /\/(mean|variance|counts|sums)$/.test(name));
    expect(statistics).toHaveLength(4);
    for (const [name, { data }] of Object.entries(after))
      if (name === "latents/z/prior/logits") expect(data.some((value) => value !== 0)).toBe(true);
      else expect([name, data]).toEqual([name, before[name]!.data]);
  });

  test("begins from them, moves them where they are not frozen, and goes on after a stop", async () => {
    const rate = { type: "adam", learningRate: 1e-7 } as const;
    const training = { epochs: 1, batchSize: 20, optimizer: rate };
    const folder = await runIn(spec({ seed: 5, training, warmStart: { run: first, parameters: ["decoder/"] } }));
    const [before, after] = [weightsOf(first), weightsOf(folder)];
    for (const [name, { data }] of Object.entries(after)) {
      const away = Math.max(...Array.from(data, (value, i) => Math.abs(value - before[name]!.data[i]!)));
      // Three steps of 1e-7 at most for what begins there; another seed's weights for the rest.
      if (name.startsWith("decoder/")) expect(away).toBeLessThan(1e-6);
      else if (name.endsWith("weights")) expect(away).toBeGreaterThan(1e-3);
    }
    await resumeIn(folder, { epochs: 2 });
    expect(weightsOf(folder, "latest")).not.toEqual(after);
  });

  test("is another run than one from other weights, and the same from the same", async () => {
    const idOf = async (value: ExperimentSpec): Promise<string> => planTrials(await load(value))[0]!.id;
    const second = await runIn(spec({ seed: 2 }));
    const from = (run: string) => spec({ warmStart: { run } });
    expect(await idOf(from(first))).toBe(await idOf(from(first)));
    expect(await idOf(from(first))).not.toBe(await idOf(from(second)));
    expect(await idOf(from(first))).not.toBe(await idOf(spec()));
    const { warmStart: resolved } = (await load(from(first))).spec;
    expect(resolved).toMatchObject({ frozen: false, parameters: ["encoder/", "posterior/"] });
    expect(resolved!.content).toMatch(/^[0-9a-f]{64}$/);
  });

  test("is refused before anything starts: no run, no such parameters, another content", async () => {
    const refused = async (warmStart: NonNullable<ExperimentSpec["warmStart"]>): Promise<string> => {
      const error = await refusalOf(load(spec({ warmStart })));
      expect(error.exitCode).toBe(2);
      return error.message;
    };
    expect(await refused({ run: join(first, "none") })).toMatch(/\/warmStart\/run {2}.*there is no such run/);
    expect(await refused({ run: first, parameters: ["encoders/"] })).toMatch(
      /\/warmStart\/parameters\/0 {2}.*name starts with "encoders\/".*It has: decoder\/, encoder\/, posterior\//,
    );
    expect(await refused({ run: first, content: "a".repeat(64) })).toMatch(/the weights of the run have changed/);
    const other = await refusalOf(runIn(spec({ warmStart: { run: first } }, 7)));
    expect([other.code, other.exitCode]).toEqual(["SPEC_COMBINATION", 2]);
    expect(other.message).toMatch(/"encoder\/dense-0\/weights" is \[8,7\] here, and \[8,6\] in the run/);
  });
});
