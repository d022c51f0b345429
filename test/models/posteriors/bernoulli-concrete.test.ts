/** Relaxed in training; Bernoulli, and no less, in every figure. */
import { beforeAll, describe, expect, test } from "vitest";
import { eagerRunner } from "../../../src/engine/eager.js";
import type { Engine } from "../../../src/engine/engine.js";
import { metricContext } from "../../../src/experiments/evaluation/metric-context.js";
import { batchOf } from "../../../src/inference/step.js";
import { elbo } from "../../../src/metrics/likelihood/elbo.js";
import { iwaeNll } from "../../../src/metrics/likelihood/iwae-nll.js";
import { tf } from "../../../src/tensor/tensor.js";
import { loadWritten, type SetUp, setUp } from "../../../src/testing/experiment.js";
import { namedOutputs } from "../../../src/testing/steps.js";
import { computed } from "../../contracts/support/programs.js";
import { calling } from "../../support/calls.js";
import { useEngine } from "../../support/engine.js";
import { measure } from "../../support/measure.js";
import { noiseOf, tensorOf } from "../../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const [D, B] = [2, 5];
const VALUES = [0, 1, 2, 3].map((code) => [code & 1, code >> 1]);
const prior = { type: "bernoulli", probabilities: "learned" };
const modelOf = async (fields: object, objective: object = {}): Promise<SetUp> => {
  const z = { size: D, posterior: { type: "bernoulli-concrete", ...fields }, prior };
  const made = await setUp(await loadWritten({ model: { latents: { z } }, objective: { type: "elbo", ...objective } }));
  for (const [name, { data }] of Object.entries(made.assembled.initialValues))
    if (/logits/.test(name)) for (let i = 0; i < data.length; i++) data[i]! += 2 * Math.sin(7 * i + 1);
  return made;
};

/** By example of the test split: ln q, ln p and ln p(x | z) at each of the values. */
const enumerated = ({ assembled, dataset }: SetUp): number[][][] => {
  const { model, store, initialValues } = assembled;
  const x = dataset.split("test", "evaluation").read([0, 1, 2, 3, 4]).x!;
  const fields = { x: { shape: [B, ...dataset.fields.x!.shape], data: x } };
  const index = { shape: [B], data: Int32Array.from({ length: B }, (_, i) => i) };
  const found = computed(engine, store, initialValues, { fields, index }, (fed, noise) => {
    const { z } = model.infer(batchOf(fed), { ...calling(noise), samples: 1 }).sites;
    const values = tf.tile(tf.expandDims(tensorOf(VALUES), 1), [1, B, 1]);
    const likelihood = model.generate({ z: values }, calling(noise)).logProb(fed.fields.x!);
    return { q: z!.q.logProb(values), p: z!.p.logProb(values), likelihood };
  });
  return Array.from({ length: B }, (_, b) =>
    [found.q!, found.p!, found.likelihood!].map(({ data }) => VALUES.map((_, v) => data[v * B + b]!)),
  );
};

describe.each([{}, { straightThrough: true }, { rate: "relaxed" }])("with %j, what is reported", (fields) => {
  test("is the rate, the bound and the likelihood of the discrete model, by enumeration", async () => {
    const made = await modelOf(fields);
    const { assembled, dataset } = made;
    const { model, store, initialValues: parameters } = assembled;
    const trained = { model, store, parameters, dataset, seed: 1, runner: eagerRunner(engine.noise) };
    const context = metricContext(trained, "test", {});
    const bound = await measure(elbo, { samples: 500 }, context);
    const nll = await measure(iwaeNll, { samples: 2000 }, context);
    for (const [b, [q, p, likelihood]] of enumerated(made).entries()) {
      const weights = q!.map(Math.exp);
      const mean = (f: (v: number) => number): number => weights.reduce((sum, w, v) => sum + w * f(v), 0);
      const logWeight = (v: number): number => likelihood![v]! + p![v]! - q![v]!;
      const [rate, exact] = [mean((v) => q![v]! - p![v]!), mean(logWeight)];
      const distortion = -mean((v) => likelihood![v]!);
      const spread = Math.sqrt(mean((v) => (likelihood![v]! + distortion) ** 2));
      expect(rate).toBeGreaterThan(0.005);
      expect(bound.perExample.rate![b]).toBeCloseTo(rate, 4);
      expect(Math.abs(bound.perExample.elbo![b]! - exact)).toBeLessThan((5 * spread) / Math.sqrt(500));
      const logLikelihood = Math.log(mean((v) => Math.exp(logWeight(v))));
      const deviation = Math.sqrt(mean((v) => Math.expm1(logWeight(v) - logLikelihood) ** 2));
      expect(Math.abs(nll.perExample.nll![b]! + logLikelihood)).toBeLessThan((5 * deviation) / Math.sqrt(2000));
    }
  });

  test("comes apart by dimension in training, where free bits and the log take it apart", async () => {
    const made = await modelOf(fields, { freeBits: { nats: 0.1 } });
    const running = eagerRunner(engine.noise).start(made.program);
    const outputs = namedOutputs(running.call(made.inputsAt(0), made.variantAt(0)));
    running.dispose();
    const kl = outputs["elbo.z.kl"]!.data;
    expect(kl).toHaveLength(D);
    expect(kl[0]! + kl[1]!).toBeCloseTo(outputs["elbo.rate"]!.data[0]!, 5);
    expect(Number.isFinite(outputs["elbo.loss"]!.data[0])).toBe(true);
  });
});

test("draws are 0 or 1 outside training, inside the interval in training, and exact there if straight through", async () => {
  const drawsOf = async (fields: object, training: boolean): Promise<number[]> => {
    const { assembled, inputsAt } = await modelOf(fields);
    const { model, store, initialValues } = assembled;
    const { z } = computed(engine, store, initialValues, inputsAt(0), (fed) => {
      const call = calling(noiseOf(engine), training);
      return { z: model.infer(batchOf(fed), { ...call, samples: 50 }).sites.z!.value };
    });
    return Array.from(z!.data);
  };
  const isBinary = (values: readonly number[]): boolean => values.every((value) => value === 0 || value === 1);
  expect(isBinary(await drawsOf({}, false))).toBe(true);
  expect((await drawsOf({}, true)).every((value) => value > 0 && value < 1)).toBe(true);
  expect(isBinary(await drawsOf({ straightThrough: true }, true))).toBe(true);
});
