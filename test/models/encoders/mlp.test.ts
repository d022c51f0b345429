import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { mlp } from "../../../src/models/encoders/index.js";
import type { FieldSchemas } from "../../../src/tensor/fields.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { tf } from "../../../src/tensor/tensor.js";
import fixtures from "../../fixtures/networks.json" with { type: "json" };
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, tensorOf } from "../../support/tensors.js";
import { evaluating, sineBindings } from "../perceptron.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const { images, labels, features } = fixtures.perceptron;
const image = { kind: "image", shape: [2, 3, 1], support: "unit" } as const;

describe("the mlp encoder", () => {
  it("computes what NumPy and TensorFlow compute of an image and a label", () => {
    const store = new ParameterStore();
    const inputs: FieldSchemas = { label: { kind: "label", shape: [], support: "categorical", classes: 4 }, image };
    const encoder = build(mlp, { hidden: [5, 3], activation: "tanh" }, { inputs, parameters: store.scope("encoder") });
    expect(encoder.features).toEqual({ features: [3] });
    const fields = { image: tf.reshape(tensorOf(images), [2, 2, 3, 1]), label: tensorOf(labels) };
    const maps = store.bind(sineBindings(store), () => encoder.encode(fields, evaluating(engine)));
    expectClose(maps.features!, features);
  });

  it("has hidden layers of 512 and 256 units unless told otherwise", () => {
    const store = new ParameterStore();
    build(mlp, {}, { inputs: { image }, parameters: store.scope("encoder") });
    expect(store.parameters.map(({ name, shape }) => [name, shape])).toEqual([
      ["encoder/dense-0/weights", [6, 512]],
      ["encoder/dense-0/bias", [512]],
      ["encoder/dense-1/weights", [512, 256]],
      ["encoder/dense-1/bias", [256]],
    ]);
  });

  it("without hidden layers hands on the flattened input", () => {
    const store = new ParameterStore();
    const encoder = build(mlp, { hidden: [] }, { inputs: { image }, parameters: store.scope("encoder") });
    expect([encoder.features, store.parameters]).toEqual([{ features: [6] }, []]);
    const x = tf.reshape(tensorOf(images), [2, 2, 3, 1]);
    expectClose(encoder.encode({ image: x }, evaluating(engine)).features!, images);
  });
});
