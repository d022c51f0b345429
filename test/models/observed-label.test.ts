/** M2: its bounds by the paper's equations and ANCHORS' identity, what is known of labels and when, and what is refused. */

import { beforeAll, describe, expect, test } from "vitest";
import type { HostTensors } from "../../src/contracts/program.js";
import { eagerRunner } from "../../src/engine/eager.js";
import type { Engine } from "../../src/engine/engine.js";
import { VaelabError } from "../../src/errors.js";
import { refitEncoder } from "../../src/experiments/evaluation/refit.js";
import { distortionOf, elboTerms, logImportanceWeights, rateOf } from "../../src/inference/elbo-terms.js";
import { generate } from "../../src/inference/generate.js";
import { batchOf } from "../../src/inference/step.js";
import { inferenceNames } from "../../src/models/latent-variable-model.js";
import { tf } from "../../src/tensor/tensor.js";
import { loadWritten, type SetUp, setUp } from "../../src/testing/experiment.js";
import { namedOutputs } from "../../src/testing/steps.js";
import { CLASSES as K } from "../../src/testing/tiny-data.js";
import { computed } from "../contracts/support/programs.js";
import { calling } from "../support/calls.js";
import { useEngine } from "../support/engine.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const tiny = { type: "tiny" };
/** M2: the classifier q(y | x) reads the encoder; z has a network of its own, which sees the label. */
const m2 = (label: object = {}, z: object = {}) => ({
  latents: { label: { observed: "label", ...label }, z: { size: 3, inferredFrom: ["data", "label"], ...z } },
});
const made = async (label: object = {}, z: object = {}, data: object = tiny): Promise<SetUp> =>
  setUp(await loadWritten({ data, model: m2(label, z) }));
const few = (more: object = {}) => ({ type: "few-labels", of: tiny, perClass: 1, seed: 4, ...more });

const logSumExp = (values: readonly number[]): number => {
  const largest = Math.max(...values);
  return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
};

const SAMPLES = 3;
/** Labels of the batch as given, each known or not. */
const ask = ({ assembled, inputsAt }: SetUp, labels: readonly number[], known: readonly number[], training = true) => {
  const { model, store, initialValues } = assembled;
  const size = labels.length;
  const { fields, ...rest } = inputsAt(0);
  const inputs = {
    ...rest,
    fields: { ...fields, label: { shape: [size], data: Float32Array.from(labels) } },
    observed: { label: { shape: [size], data: Float32Array.from(known) } },
  };
  return computed(engine, store, initialValues, inputs, (fed, noise) => {
    const batch = batchOf(fed);
    const inferred = model.infer(batch, { ...calling(noise.fork("infer"), training), samples: SAMPLES });
    const evidence = elboTerms(model, batch, inferred, calling(noise.fork("generate"), training));
    const { label: y, z } = inferred.sites;
    return {
      bound: tf.neg(tf.add(distortionOf(evidence), rateOf(evidence))),
      rate: rateOf(evidence),
      logLikelihood: evidence.logLikelihood,
      importance: logImportanceWeights(evidence),
      predicted: model.predict!(inferred, calling(noise.fork("predict"), training)).label!,
      klZ: z!.kl(),
      value: y!.value,
    };
  });
};
const all = (value: number, size = 6): number[] => Array(size).fill(value);

describe("an unlabeled bound", () => {
  for (const [name, label, z] of [
    ["as it is", {}, {}],
    ["with p(z | y)", {}, { generatedFrom: ["label"] }],
    ["with p(y) of the data", { prior: { type: "categorical", probabilities: "empirical" } }, {}],
    ["with a VampPrior", {}, { prior: { type: "vamp", components: 5 } }],
  ] as const)
    test(`is logsumexp_y(-L_y) - KL(q(y | x) || softmax(-L)), to 1e-5: ${name}`, async () => {
      const set = await made(label, z);
      const { bound, predicted } = ask(set, all(0), all(0));
      const labeled = Array.from({ length: K }, (_, y) => ask(set, all(y), all(1)).bound!.data);
      bound!.data.forEach((actual, b) => {
        const minusL = labeled.map((values) => values[b]!);
        const total = logSumExp(minusL);
        const logQ = Array.from({ length: K }, (_, y) => predicted!.data[b * K + y]!);
        const kl = logQ.reduce((sum, q, y) => sum + Math.exp(q) * (q - (minusL[y]! - total)), 0);
        expect(Math.abs(actual - (total - kl)) / Math.abs(actual)).toBeLessThan(1e-5);
      });
    });

  test("has q(y | x)'s divergence from p(y) in its rate, and that of z weighed by q(y | x)", async () => {
    const { rate, predicted, klZ } = ask(await made(), all(0), all(0));
    rate!.data.forEach((actual, b) => {
      let expected = Math.log(K);
      for (let y = 0; y < K; y++) {
        const logQ = predicted!.data[b * K + y]!;
        const z = Array.from({ length: SAMPLES }, (_, s) => klZ!.data[(s * K + y) * 6 + b]!);
        expected += Math.exp(logQ) * (logQ + z.reduce((sum, kl) => sum + kl, 0) / SAMPLES);
      }
      expect(actual).toBeCloseTo(expected, 4);
    });
  });
});

test("a labeled bound has -ln p(y) in its rate, and no part of any other label", async () => {
  const set = await made();
  const labels = [0, 1, 2, 0, 1, 2];
  const { rate, klZ, importance, logLikelihood } = ask(set, labels, all(1));
  labels.forEach((y, b) => {
    const z = Array.from({ length: SAMPLES }, (_, s) => klZ!.data[(s * K + y) * 6 + b]!);
    expect(rate!.data[b]).toBeCloseTo(Math.log(K) + z.reduce((sum, kl) => sum + kl, 0) / SAMPLES, 4);
    for (let s = 0; s < SAMPLES; s++)
      for (let other = 0; other < K; other++) {
        const at = (s * K + other) * 6 + b;
        if (other !== y) expect(importance!.data[at]).toBeLessThan(-1e29);
        else expect(Math.abs(importance!.data[at]! - logLikelihood!.data[at]!)).toBeLessThan(50);
      }
  });
});

test("labeled and unlabeled examples share a batch without touching each other", async () => {
  const set = await made();
  const [known, unknown] = [ask(set, all(1), all(1)).bound!.data, ask(set, all(1), all(0)).bound!.data];
  const mixed = ask(set, all(1), [1, 0, 1, 0, 0, 1]).bound!.data;
  expect(Array.from(mixed)).toEqual([known[0], unknown[1], known[2], unknown[3], unknown[4], known[5]]);
});

test("outside training no label is looked at: what is measured is a bound on ln p(x)", async () => {
  const set = await made();
  const names = ["bound", "rate", "importance", "predicted"];
  const pick = (found: HostTensors) => Object.fromEntries(names.map((name) => [name, found[name]]));
  const hidden = pick(ask(set, all(0), all(0), false));
  expect(pick(ask(set, all(2), all(1), false))).toEqual(hidden);
  expect(hidden.bound).toEqual(ask(set, all(0), all(0), true).bound);
});

describe("its loss", () => {
  const stepTerms = (set: SetUp) => {
    const running = eagerRunner(engine.noise).start(set.program);
    try {
      return namedOutputs(running.call(set.inputsAt(0), set.variantAt(0)));
    } finally {
      running.dispose();
    }
  };
  test("adds alpha times the mean cross-entropy of labeled examples, whose share the batch estimates without bias", async () => {
    const set = await made({ alpha: 0.7 }, {}, few());
    const terms = stepTerms(set);
    const value = (name: string): number => terms[`elbo.${name}`]!.data[0]!;
    const inputs = set.inputsAt(0);
    const known = Array.from(inputs.observed!.label!.data);
    const { predicted } = ask(set, Array.from(inputs.fields.label!.data), known);
    let sum = 0;
    known.forEach((mask, b) => {
      if (mask) sum -= predicted!.data[b * K + inputs.fields.label!.data[b]!]!;
    });
    // 3 of 12 training examples are labeled.
    expect(value("label.crossEntropy")).toBeCloseTo(sum / (6 * (3 / 12)), 4);
    expect(value("loss")).toBeCloseTo(value("distortion") + value("rate") + 0.7 * value("label.crossEntropy"), 4);
  });
});

test("samples have the label that is asked for, else one of p(y)", async () => {
  const { model, store, initialValues } = (await made()).assembled;
  const count = 3000;
  const { asked, free } = computed(engine, store, initialValues, {}, (_, noise) => ({
    asked: generate(model, 3, noise.fork("asked"), { label: tf.tensor1d([2, 0, 1]) }).values.label!,
    free: generate(model, count, noise.fork("free")).values.label!,
  }));
  expect(Array.from(asked!.data)).toEqual([0, 0, 1, 1, 0, 0, 0, 1, 0]);
  for (let k = 0; k < K; k++) {
    const share = free!.data.filter((value, i) => i % K === k && value === 1).length / count;
    expect(Math.abs(share - 1 / K)).toBeLessThan(5 * Math.sqrt(2 / 9 / count));
  }
});

test("z's network is like the model's encoder unless said otherwise, and a refit takes both along", async () => {
  const { spec, assembled } = await made();
  expect(spec.model.latents!.z!.encoder).toEqual(spec.model.encoder);
  const inference = [...inferenceNames(assembled.store)];
  expect(inference).toContain("encoder/dense-0/weights");
  expect(inference).toContain("latents/z/encoder/dense-0/weights");
  expect(inference).toContain("latents/label/posterior/logits/weights");
});

test("a refit infers every label: which of them training knows changes no bit", async () => {
  const refitted = async ({ assembled, dataset, builder, spec }: SetUp): Promise<HostTensors> => {
    const optimizer = await builder.build(
      "optimizer",
      { type: "adam", learningRate: { type: "constant", value: 0.01 }, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      "/refit",
      { schedule: () => ({ totalSteps: 2 }) },
    );
    return refitEncoder(
      {
        ...assembled,
        dataset,
        seed: spec.seed,
        parameters: assembled.initialValues,
        runner: eagerRunner(engine.noise),
      },
      { epochs: 1, learningRate: 0.01, batchSize: 6, optimizer },
    );
  };
  const set = await made();
  const found = await refitted(set);
  expect(found).toEqual(await refitted(await made({}, {}, few())));
  const name = "latents/label/posterior/logits/weights";
  expect(found[name]).not.toEqual(set.assembled.initialValues[name]);
});

test("a VampPrior begins from examples whose label is known, and is refused where there are too few", async () => {
  const five = { prior: { type: "vamp", components: 5 } };
  const two = await made({}, { prior: { type: "vamp", components: 3 } }, few());
  const split = two.dataset.split("train", "evaluation");
  const rows = Array.from({ length: split.size }, (_, i) => i);
  const known = split.observed!(rows).label!;
  const labels = split.read(rows).label!;
  const expected = rows.filter((i) => known[i] === 1).map((i) => labels[i]!);
  const begun = two.assembled.initialValues["latents/z/prior/pseudo-inputs/label"]!.data;
  expect(Array.from(begun).sort()).toEqual(expected.sort());
  await expect(made({}, five, few())).rejects.toThrow(/5 training examples whose "label" is known, but there are 3/);
});

describe("refused, with what would fit", () => {
  const refusal = async (model: object, more: object = {}): Promise<string> => {
    try {
      await loadWritten({ model, ...more });
      return "";
    } catch (error) {
      if (!(error instanceof VaelabError)) throw error;
      return error.problems.map(({ message, remedy }) => `${message}. ${remedy}`).join("\n");
    }
  };
  test("a posterior without density", async () =>
    expect(await refusal(m2({}, { posterior: "deterministic" }))).toMatch(
      /"elbo" needs a posterior with "density", which posterior "deterministic"/,
    ));
  test("a label that the data do not have", async () =>
    expect(await refusal(m2({ observed: "lable" }))).toMatch(/the data have no label "lable". Did you mean "label"/));
  test("two latents of one label", async () =>
    expect(await refusal({ latents: { a: { observed: "label" }, b: { observed: "label" }, z: { size: 2 } } })).toMatch(
      /the latents "a" and "b" both stand for "label"/,
    ));
  test("a label that is drawn", async () =>
    expect(await refusal(m2({ enumerate: false }))).toMatch(/not summed over where the label is unknown/));
  test("a conditional head on a field that is not always there", async () =>
    expect(await refusal({ heads: ["conditional"] }, { data: few() })).toMatch(/needs "label" for every example/));
  test("a classifier of a label that the encoder sees", async () =>
    expect(await refusal({ heads: ["classifier", "conditional"] })).toMatch(
      /show "label" to the encoder and then predict it/,
    ));
});
