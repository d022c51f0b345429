/** Runs with discrete latents at work again: what is encoded, decoded and walked through are values of theirs. */
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { encodeRun, interpolateRun, reconstructRun, traverseRun } from "../../../src/experiments/index.js";
import type { ExperimentSpec } from "../../../src/spec/experiment-schema.js";
import { readCheckpoint } from "../../../src/storage/checkpoint.js";
import { readNpz } from "../../../src/storage/npz.js";
import { refusalOf, runIn } from "../support/runs.js";

const [K, L, D, PIXELS] = [5, 3, 2, 784];
const SPEC = {
  name: "discrete",
  data: { type: "digits", train: 256, validation: 20, test: 30 },
  model: {
    encoder: { type: "mlp", hidden: [16] },
    decoder: { type: "mlp", hidden: [16] },
    latents: {
      style: { size: 2, posterior: "laplace" },
      kind: {
        shape: [2, K],
        posterior: "gumbel-softmax",
        prior: { type: "categorical", probabilities: "learned" },
      },
      codes: {
        shape: [L, D],
        posterior: { type: "residual-quantized", codes: K, levels: 2, restart: 0.5 },
        prior: "autoregressive",
      },
    },
  },
  training: { epochs: 2, batchSize: 64 },
  evaluation: { metrics: ["elbo", { type: "iwae-nll", samples: 10 }], refit: { epochs: 1 } },
} satisfies ExperimentSpec;
const engine = (process.env.VAELAB_TEST_ENGINE ?? "native") as "native";
const on = { engine, threads: 1 } as const;

let run: string;
let outside: string;
beforeAll(async () => {
  run = await runIn(SPEC);
  outside = join(run, "..", "written");
});
const imagesOf = (file: string): Float32Array => readNpz(file).image!.data as Float32Array;
const image = (images: Float32Array, i: number): Float32Array => images.subarray(i * PIXELS, (i + 1) * PIXELS);

test("encoding writes the likeliest category of each variable beside the means", async () => {
  const { file, arrays } = await encodeRun({ run, out: join(outside, "codes.npz"), ...on });
  expect(arrays).toMatchObject({ "kind.mean": [30, 2 * K], "kind.code": [30, 2], "codes.mean": [30, L * D] });
  expect(arrays["codes.code"]).toEqual([30, 2 * L]);
  expect(arrays).not.toHaveProperty(["style.code"]);
  const encoded = readNpz(file);
  const [mean, code] = [encoded["kind.mean"]!.data, encoded["kind.code"]!.data];
  for (let variable = 0; variable < 60; variable++) {
    const own = Array.from(mean.subarray(variable * K, (variable + 1) * K), Number);
    expect(own.indexOf(Math.max(...own))).toBe(Number(code[variable]));
  }
  expect(Array.from(readNpz(join(run, "samples", "latents.npz")).categories!.data)).toEqual(
    Array.from(encoded["codes.code"]!.data),
  );
});

test("encoding writes ln of the variance of a latent that is not discrete, whatever its distribution", async () => {
  const { file, arrays } = await encodeRun({ run, out: join(outside, "variances.npz"), ...on });
  expect(Object.keys(arrays).filter((name) => name.endsWith("logVariance"))).toEqual(["style.logVariance"]);
  const { model } = readCheckpoint(run, "best", (message) => {
    throw new Error(message);
  });
  const dense = (x: readonly number[], name: string): number[] => {
    const { shape, data } = model[`${name}/weights`]!;
    return Array.from({ length: shape[1]! }, (_, j) =>
      x.reduce((sum, value, i) => sum + value * data[i * shape[1]! + j]!, model[`${name}/bias`]!.data[j]!),
    );
  };
  const reconstructed = await reconstructRun({ run, count: 30, out: join(outside, "originals.npz"), ...on });
  const originals = imagesOf(reconstructed.files[0]!);
  const found = readNpz(file)["style.logVariance"]!.data;
  for (let i = 0; i < 30; i++) {
    const features = dense(Array.from(image(originals, i)), "encoder/dense-0").map((value) => Math.max(0, value));
    // The variance of a Laplace distribution with scale s is 2 s^2.
    for (const [d, logScale] of dense(features, "latents/style/posterior/log-scale").entries())
      expect(Number(found[i * 2 + d])).toBeCloseTo(Math.LN2 + 2 * logScale, 4);
  }
});

describe("a traversal", () => {
  test("takes a variable through its categories, the example's own among them", async () => {
    const { files, dimensions } = await traverseRun({ run, index: 4, out: join(outside, "rows.npz"), ...on });
    // Two elements of style, two variables of kind, two levels at each of three places.
    expect(dimensions).toHaveLength(2 + 2 + 2 * L);
    const images = imagesOf(files[0]!);
    expect(images).toHaveLength((2 + 2 + 2 * L) * K * PIXELS);
    const reconstructed = await reconstructRun({ run, count: 30, out: join(outside, "reconstructed.npz"), ...on });
    const own = image(imagesOf(reconstructed.files[0]!), 30 + 4);
    const encoded = readNpz((await encodeRun({ run, out: join(outside, "again.npz"), ...on })).file);
    const categories = [...encoded["kind.code"]!.data.subarray(8, 10), ...encoded["codes.code"]!.data.subarray(24, 30)];
    for (const [variable, category] of categories.entries()) {
      const row = 2 + variable;
      const shown = image(images, row * K + Number(category));
      expect(Math.max(...Array.from(shown, (value, i) => Math.abs(value - own[i]!)))).toBeLessThan(1e-5);
      // Each other category is another picture.
      const pictures = Array.from({ length: K }, (_, k) => image(images, row * K + k).join());
      expect(new Set(pictures).size).toBeGreaterThan(1);
    }
  });

  test("of one latent has its own length, which discrete ones do not change", async () => {
    const style = await traverseRun({ run, dimensions: [0], steps: 7, out: join(outside, "style.npz"), ...on });
    expect(imagesOf(style.files[0]!)).toHaveLength(7 * PIXELS);
    const refused = await refusalOf(traverseRun({ run, dimensions: [2], steps: 7, ...on }));
    expect(refused.message).toContain("--steps 7  a row of a discrete variable walks through its 5 categories");
    const unknown = await refusalOf(traverseRun({ run, dimensions: [10], ...on }));
    expect(unknown.message).toContain("the codes of this model have 10 dimensions");
  });
});

test("a path ends at the reconstructions of both examples", async () => {
  const { files } = await interpolateRun({ run, from: 1, to: 2, steps: 6, out: join(outside, "path.npz"), ...on });
  const path = imagesOf(files[0]!);
  const { files: both } = await reconstructRun({ run, count: 30, out: join(outside, "ends.npz"), ...on });
  const reconstructed = imagesOf(both[0]!);
  for (const [step, row] of [
    [0, 1],
    [5, 2],
  ] as const) {
    const expected = image(reconstructed, 30 + row);
    const shown = image(path, step);
    expect(Math.max(...Array.from(shown, (value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(1e-5);
  }
});
