import { beforeAll, describe, expect, test } from "vitest";
import type { Model } from "../../../src/contracts/model.js";
import type { Engine } from "../../../src/engine/engine.js";
import type { Trained } from "../../../src/experiments/evaluation/evaluation-program.js";
import { metricContext } from "../../../src/experiments/evaluation/metric-context.js";
import { accuracy } from "../../../src/metrics/tasks/accuracy.js";
import { tf } from "../../../src/tensor/tensor.js";
import { useEngine } from "../../support/engine.js";
import { measure } from "../../support/measure.js";
import { trainedOn, unitGaussianModel } from "../../support/unit-gaussian-model.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

describe("accuracy", () => {
  // log-probabilities of two categories by example, labels, and which of these are known.
  const P = [0.9, 0.4, 0.2, 0.7, 0.6];
  const LABELS = [0, 1, 0, 1, 0];
  const evaluate = (known: readonly number[]) => {
    const plain = unitGaussianModel({ slope: [1], variance: 0.5 });
    const model: Model = {
      ...plain,
      infer: (batch, context) => ({ ...plain.infer(batch, context), features: { p: batch.fields.x! } }),
      predict: ({ features: { p } }) => ({ digit: tf.log(tf.concat([p!, tf.sub(1, p!)], 1)) }),
    };
    const trained = trainedOn(
      engine,
      model,
      P.map((p) => [p]),
    );
    const split = trained.dataset.split("test", "evaluation");
    const withLabels: Trained = {
      ...trained,
      dataset: {
        ...trained.dataset,
        fields: { ...model.fields, digit: { kind: "label", shape: [], support: "categorical", classes: 2 } },
        split: () => ({
          ...split,
          read: (rows) => ({ ...split.read(rows), digit: Float32Array.from(rows, (row) => LABELS[row]!) }),
          observed: (rows) => ({ digit: Float32Array.from(rows, (row) => known[row]!) }),
        }),
      },
    };
    return measure(accuracy, { samples: 1 }, metricContext(withLabels, "test", {}));
  };

  test("is the share of likeliest categories that are right, and the mean of -ln p, in nats", async () => {
    const { measurements, perExample } = await evaluate([1, 1, 1, 1, 1]);
    expect(measurements["accuracy.digit"]).toMatchObject({ value: expect.closeTo(3 / 5, 6), n: 5, unit: "fraction" });
    const entropy = -[0.9, 0.6, 0.2, 0.3, 0.6].reduce((sum, p) => sum + Math.log(p), 0) / 5;
    expect(measurements["crossEntropy.digit"]).toMatchObject({ value: expect.closeTo(entropy, 5), n: 5, unit: "nats" });
    expect(Array.from(perExample["accuracy.digit"]!)).toEqual([1, 1, 0, 0, 1]);
  });

  test("is of the examples whose label is known", async () => {
    const { measurements } = await evaluate([1, 0, 1, 0, 0]);
    expect(measurements["accuracy.digit"]).toMatchObject({ value: 0.5, n: 2 });
    expect((await evaluate([0, 0, 0, 0, 0])).measurements["accuracy.digit"]).toMatchObject({ value: null, n: 0 });
  });
});
