/** Which part of a model sees a label, what generation asks for and draws, and what is refused. */

import { beforeAll, describe, expect, test } from "vitest";
import type { HostTensors } from "../../../src/contracts/program.js";
import type { Engine } from "../../../src/engine/engine.js";
import { VaelabError } from "../../../src/errors.js";
import { generate } from "../../../src/inference/generate.js";
import { batchOf } from "../../../src/inference/step.js";
import { sizeOf } from "../../../src/tensor/fields.js";
import { tf } from "../../../src/tensor/tensor.js";
import { loadWritten, setUp } from "../../../src/testing/experiment.js";
import { computed } from "../../contracts/support/programs.js";
import { calling } from "../../support/calls.js";
import { useEngine } from "../../support/engine.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const made = async (head: object, model: object = {}) =>
  setUp(await loadWritten({ model: { heads: [{ type: "conditional", ...head }], ...model } }));
const refusal = async (head: object, model: object = {}): Promise<string[]> => {
  try {
    await loadWritten({ model: { heads: [{ type: "conditional", ...head }], ...model } });
    return [];
  } catch (error) {
    if (!(error instanceof VaelabError)) throw error;
    return error.problems.map(({ where, message, remedy }) => `${where}: ${message}. ${remedy}`);
  }
};
const filled = (count: number, label: number): HostTensors => ({
  label: { shape: [count], data: new Float32Array(count).fill(label) },
});

describe("each part sees the label as asked, and no other", () => {
  for (const [encoder, decoder] of [
    [true, false],
    [false, true],
    [true, true],
  ] as const)
    test(`encoder ${encoder}, decoder ${decoder}`, async () => {
      const { assembled, inputsAt } = await made({ encoder, decoder });
      const { model, store, initialValues } = assembled;
      const inputs = inputsAt(0);
      const size = inputs.index!.data.length;
      const seen = (label: number) =>
        computed(
          engine,
          store,
          initialValues,
          { ...inputs, fields: { ...inputs.fields, ...filled(size, label) } },
          (fed, noise) => {
            const { z: site } = model.infer(batchOf(fed), { ...calling(noise), samples: 1 }).sites;
            const z = tf.zeros([1, size, 3]);
            const likelihood = model.generate({ z }, calling(noise), batchOf(fed).fields);
            return { code: site!.q.mean!(), mean: likelihood.mean!() };
          },
        );
      const [zero, one] = [seen(0), seen(1)];
      if (encoder) expect(one.code).not.toEqual(zero.code);
      else expect(one.code).toEqual(zero.code);
      if (decoder) expect(one.mean).not.toEqual(zero.mean);
      else expect(one.mean).toEqual(zero.mean);
    });
});

describe("a conditioned Gaussian prior", () => {
  test("has a mean and a variance for each label: its log-density by the formula, in float64", async () => {
    const { assembled } = await made({ prior: true });
    const { model, store, initialValues } = assembled;
    const means = Float32Array.from({ length: 9 }, (_, i) => i / 4 - 1);
    const logVariances = Float32Array.from({ length: 9 }, (_, i) => (i % 4) / 3 - 0.5);
    const parameters = {
      ...initialValues,
      "prior/mean/weights": { shape: [3, 3], data: means },
      "prior/log-variance/weights": { shape: [3, 3], data: logVariances },
    };
    const z = [0.3, -0.7, 1.1];
    const x = model.fields.x!.shape;
    for (const label of [0, 1, 2]) {
      const inputs = {
        index: { shape: [1], data: Int32Array.of(0) },
        fields: { x: { shape: [1, ...x], data: new Float32Array(sizeOf(x)) }, ...filled(1, label) },
      };
      const { logP } = computed(engine, store, parameters, inputs, (fed, noise) => {
        const { z: site } = model.infer(batchOf(fed), { ...calling(noise), samples: 1 }).sites;
        expect(site!.klIsExact).toBe(true);
        return { logP: site!.p.logProb(tf.tensor([z])) };
      });
      const expected = z.reduce((sum, value, j) => {
        const [m, l] = [means[3 * label + j]!, logVariances[3 * label + j]!];
        return sum - (Math.log(2 * Math.PI) + l + (value - m) ** 2 / Math.exp(l)) / 2;
      }, 0);
      expect(logP!.data[0]).toBeCloseTo(expected, 4);
    }
  });

  test("is drawn from at the label that is asked for", async () => {
    const { assembled } = await made({ prior: true });
    const { model, store, initialValues } = assembled;
    const means = Float32Array.of(-50, -50, -50, 0, 0, 0, 50, 50, 50);
    const parameters = { ...initialValues, "prior/mean/weights": { shape: [3, 3], data: means } };
    const { z } = computed(engine, store, parameters, {}, (_, noise) => ({
      z: generate(model, 3, noise, { label: tf.tensor1d([2, 0, 1]) }).values.z!,
    }));
    expect([z!.data[0], z!.data[3], z!.data[6]].map((value) => Math.round(value! / 50) + 0)).toEqual([1, -1, 0]);
  });
});

test("labels that nobody asks for come with the frequencies of the training split", async () => {
  const { assembled, dataset } = await made({});
  const { model, store, initialValues } = assembled;
  const rows = Array.from({ length: dataset.sizes.train }, (_, i) => i);
  const labels = dataset.split("train", "evaluation").read(rows).label!;
  const count = 6000;
  const { label } = computed(engine, store, initialValues, {}, (_, noise) => ({
    label: generate(model, count, noise).conditions.label!,
  }));
  for (const k of [0, 1, 2]) {
    const p = labels.filter((value) => value === k).length / labels.length;
    const share = label!.data.filter((value) => value === k).length / count;
    expect(Math.abs(share - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / count));
  }
});

test("a decoder that is given no condition says so", async () => {
  const { assembled } = await made({});
  const { model, store, initialValues } = assembled;
  expect(() =>
    computed(engine, store, initialValues, {}, (_, noise) => ({
      x: model.generate({ z: tf.zeros([1, 3]) }, calling(noise)).mean!(),
    })),
  ).toThrow(/conditioned on "label", but no value is given/);
});

describe("refused, with what would fit", () => {
  test("a field that the data do not have", async () => {
    expect(await refusal({ on: "labels" })).toEqual([
      expect.stringMatching(/heads\/0\/on: the data have no field "labels". Did you mean "label"\?/),
    ]);
    expect(await refusal({ on: "constructor" })).toEqual([expect.stringContaining("no field")]);
  });
  test("the modeled field", async () =>
    expect(await refusal({ on: "x" })).toEqual([expect.stringContaining("the model generates that field")]));
  test("a condition that nothing sees", async () =>
    expect(await refusal({ encoder: false, decoder: false })).toEqual([
      expect.stringContaining("no part of the model uses"),
    ]));
  test("two on one field", async () => {
    const heads = [{ type: "conditional" }, { type: "conditional", prior: true }];
    expect(await refusal({}, { heads })).toEqual([expect.stringContaining('both condition on "label"')]);
  });
  for (const prior of [{ type: "vamp", components: 5 }, { type: "gaussian-mixture" }])
    test(`a ${prior.type} prior that should see it`, async () =>
      expect(await refusal({ prior: true }, { prior })).toEqual([
        expect.stringMatching(
          new RegExp(`head "conditional" needs a prior with "conditional", which prior "${prior.type}"`),
        ),
      ]));
});

test("a VampPrior under a conditioned encoder takes its pseudo-inputs' labels from the examples that it begins from", async () => {
  const { assembled, dataset } = await made({}, { prior: { type: "vamp", components: 5 } });
  const { "prior/pseudo-inputs/x": x, "prior/pseudo-inputs/label": label } = assembled.initialValues;
  const rows = Array.from({ length: dataset.sizes.train }, (_, i) => i);
  const all = dataset.split("train", "evaluation").read(rows);
  const width = sizeOf(dataset.fields.x!.shape);
  for (let k = 0; k < 5; k++) {
    const pixels = (i: number): Float32Array => all.x!.slice(width * i, width * (i + 1));
    const same = rows.filter((i) => pixels(i).every((value, j) => value === x!.data[width * k + j]));
    expect(same.map((i) => all.label![i])).toContain(label!.data[k]);
  }
  const trained = assembled.store.parameters.find(({ name }) => name === "prior/pseudo-inputs/label");
  expect(trained!.trainable).toBe(false);
});
