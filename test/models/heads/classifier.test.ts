/** The classifier's cross-entropy against sums in float64, from means, draws and features; which examples count. */

import { beforeAll, describe, expect, test } from "vitest";
import type { HeadContext } from "../../../src/contracts/head.js";
import type { DatasetDescription } from "../../../src/contracts/index.js";
import type { Engine } from "../../../src/engine/engine.js";
import { batchOf } from "../../../src/inference/step.js";
import { classifier } from "../../../src/models/heads/classifier.js";
import { defineDataset } from "../../../src/spec/define.js";
import { tf } from "../../../src/tensor/tensor.js";
import { loadWritten, setUp } from "../../../src/testing/experiment.js";
import { runEagerly } from "../../../src/testing/steps.js";
import { CLASSES as K } from "../../../src/testing/tiny-data.js";
import { computed } from "../../contracts/support/programs.js";
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const SAMPLES = 4;
const B = 6;

const made = async (head: object, data: object = { type: "tiny" }) =>
  setUp(await loadWritten({ data, model: { heads: [{ type: "classifier", ...head }] } }));

const softmaxLog = (logits: readonly number[]): number[] => {
  const largest = Math.max(...logits);
  const total = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0)) + largest;
  return logits.map((logit) => logit - total);
};

describe("predicts", () => {
  for (const from of ["mean", "draw", "features"] as const)
    test(`from ${from}: the softmax of its linear layer, of draws their mean probability`, async () => {
      const { assembled, inputsAt } = await made({ input: from });
      const { model, store, initialValues } = assembled;
      const { predicted, values } = computed(engine, store, initialValues, inputsAt(0), (fed, noise) => {
        const batch = batchOf(fed);
        const inferred = model.infer(batch, { ...calling(noise.fork("infer")), samples: SAMPLES });
        const { z } = inferred.sites;
        const predicted = model.predict!(inferred, calling(noise.fork("p"))).label!;
        const seen = { mean: () => tf.expandDims(z!.q.mean!(), 0), draw: () => z!.value };
        const { features } = inferred;
        return { predicted, values: from === "features" ? tf.expandDims(features.features!, 0) : seen[from]() };
      });
      const [draws, , width] = values!.shape as [number, number, number];
      const weights = initialValues["heads/0/output/weights"]!.data;
      for (let b = 0; b < B; b++) {
        const probabilities: number[] = Array(K).fill(0);
        for (let s = 0; s < draws; s++) {
          const logits = Array.from({ length: K }, (_, k) => {
            let sum = 0;
            for (let d = 0; d < width; d++) sum += values!.data[(s * B + b) * width + d]! * weights[d * K + k]!;
            return sum;
          });
          softmaxLog(logits).forEach((logP, k) => {
            probabilities[k]! += Math.exp(logP) / draws;
          });
        }
        for (const [k, p] of probabilities.entries()) expect(predicted!.data[b * K + k]).toBeCloseTo(Math.log(p), 4);
      }
    });
});

test("adds its weighted cross-entropy to the loss, and its accuracy to the log", async () => {
  const set = await made({ weight: 2 });
  const [first] = runEagerly(engine.noise, set, [0]).outputs;
  const value = (name: string): number => first![`elbo.${name}`]!.data[0]!;
  expect(value("loss")).toBeCloseTo(value("distortion") + value("rate") + 2 * value("label.crossEntropy"), 4);
  expect([0, 1, 2, 3, 4, 5, 6].map((right) => right / B)).toContainEqual(expect.closeTo(value("label.accuracy"), 6));
});

test("is refused where no training example has a label", () => {
  const context = { latents: { z: [2] }, labels: () => ({ counts: [0, 0, 0], size: B }) } as unknown as HeadContext;
  expect(() => build(classifier, {}, context)).toThrow('no training example has a known "label"');
});

test("examples without a label contribute nothing, to the byte", async () => {
  const data = { type: "few-labels", of: { type: "tiny" }, perClass: 1, seed: 2 };
  const set = await made({}, data);
  const inputs = set.inputsAt(0);
  const known = inputs.observed!.label!.data;
  const changed = Float32Array.from(inputs.fields.label!.data, (label, i) => (known[i] === 1 ? label : 2));
  expect(known.some((mask) => mask === 0)).toBe(true);
  const other = {
    ...set,
    inputsAt: () => ({ ...inputs, fields: { ...inputs.fields, label: { shape: [B], data: changed } } }),
  };
  expect(runEagerly(engine.noise, other, [0]).state).toEqual(runEagerly(engine.noise, set, [0]).state);
});

/** Six pictures of two pixels, three classes twice each: four tell their class, and the last two are one picture of two classes. */
const PIXELS = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 0],
  [1, 1],
  [1, 1],
];
const LABELS = [0, 1, 2, 2, 0, 1];
const ambiguous = defineDataset({
  schema: {
    type: "object",
    title: "six pictures",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "ambiguous" } },
  },
  inspect: () => DESCRIPTION,
  create: () => ({
    ...DESCRIPTION,
    sha256: "0",
    split: () => ({
      size: B,
      read: (rows) => ({
        x: Float32Array.from(Array.from(rows).flatMap((row) => PIXELS[row]!)),
        label: Float32Array.from(rows, (row) => LABELS[row]!),
      }),
    }),
  }),
});
const DESCRIPTION: DatasetDescription = {
  fields: {
    x: { kind: "vector", shape: [2], support: "binary" },
    label: { kind: "label", shape: [], support: "categorical", classes: K },
  },
  modeled: "x",
  sizes: { train: B, validation: B, test: B },
};

test("learns what the data tell of a label, and no more: from their entropy, ln 3, down to that given x, ln 2 / 3", async () => {
  const head = { type: "classifier", weight: 20, input: "features", hidden: [16] };
  const encoder = { type: "mlp", hidden: [16] };
  const training = { epochs: 300, optimizer: { type: "adam", learningRate: 0.02 } };
  const written = { data: { type: "ambiguous" }, model: { encoder, heads: [head] }, training };
  const set = await setUp(await loadWritten(written, [ambiguous]));
  const steps = Array.from({ length: 300 }, (_, i) => i);
  const { outputs } = runEagerly(engine.noise, set, steps);
  const last = (name: string): number => outputs.at(-1)![`elbo.${name}`]!.data[0]!;
  // No q(y | x) has less: (4 * 0 + 2 ln 2) / 6. A classifier that does not look at x has ln 3 at best.
  const least = Math.log(2) / 3;
  expect(last("label.crossEntropy")).toBeGreaterThan(least - 1e-6);
  expect(last("label.crossEntropy")).toBeLessThan(least + 0.01);
  expect(last("label.accuracy")).toBeCloseTo(5 / 6, 6);
});
