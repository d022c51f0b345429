import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { conv, layers, mlp } from "../../../src/models/encoders/index.js";
import * as listed from "../../../src/models/layers/index.js";
import type { FieldSchema } from "../../../src/tensor/fields.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { tf } from "../../../src/tensor/tensor.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { tensorOf, valuesOf } from "../../support/tensors.js";
import { wave, waveBindings } from "../../support/waves.js";
import { plan } from "../layers/plan.js";
import { evaluating } from "../perceptron.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const image: FieldSchema = { kind: "image", shape: [5, 4, 1], support: "unit" };
const label: FieldSchema = { kind: "label", shape: [], support: "categorical", classes: 3 };

describe("the layers encoder", () => {
  it("made of the layers of a conv encoder computes what that does", () => {
    const one = new ParameterStore();
    const two = new ParameterStore();
    const fields = { filters: [3, 2], strides: [2, 2], hidden: [], activation: "elu", normalization: "layer" };
    const whole = build(conv, fields, { inputs: { image, label }, parameters: one.scope() });
    const norm = [plan(listed.layerNorm), plan(listed.activation, { function: "elu" })];
    const shape = { kernel: 4, stride: 2, bias: false };
    const chain = [
      ...[plan(listed.conv2d, { ...shape, filters: 3 }), ...norm],
      ...[plan(listed.conv2d, { ...shape, filters: 2 }), ...norm],
    ];
    const own = build(layers, { layers: chain }, { inputs: { image, label }, parameters: two.scope() });
    expect(own.features).toEqual(whole.features);
    expect(two.parameters.map(({ shape }) => shape)).toEqual(one.parameters.map(({ shape }) => shape));
    const seen = { image: wave([3, 5, 4, 1], 0), label: tensorOf([2, 0, 1]) };
    const computed = [
      one.bind(waveBindings(one), () => whole.encode(seen, evaluating(engine)).features!),
      two.bind(waveBindings(two), () => own.encode(seen, evaluating(engine)).features!),
    ] as const;
    expect(valuesOf(computed[1])).toEqual(valuesOf(computed[0]));
  });

  it("without an image begins with all fields in one row, as an mlp does", () => {
    const vector: FieldSchema = { kind: "vector", shape: [2, 2], support: "categorical", classes: 3 };
    const one = new ParameterStore();
    const two = new ParameterStore();
    const inputs = { label, vector };
    const whole = build(mlp, { hidden: [4], activation: "tanh" }, { inputs, parameters: one.scope() });
    const chain = [plan(listed.dense, { units: 4, activation: "tanh" })];
    const own = build(layers, { layers: chain }, { inputs, parameters: two.scope() });
    expect(own.features).toEqual({ features: [4] });
    expect(two.parameters.map(({ name, shape }) => [name, shape])).toEqual([
      ["layers/0/weights", [15, 4]],
      ["layers/0/bias", [4]],
    ]);
    const seen = { vector: tf.reshape(tensorOf([0, 1, 2, 0, 1, 1, 1, 2]), [2, 2, 2]), label: tensorOf([2, 0]) };
    expect(valuesOf(two.bind(waveBindings(two), () => own.encode(seen, evaluating(engine)).features!))).toEqual(
      valuesOf(one.bind(waveBindings(one), () => whole.encode(seen, evaluating(engine)).features!)),
    );
  });

  it("gives its own initializer to layers that are not told one", () => {
    const store = new ParameterStore();
    const chain = [
      plan(listed.flatten),
      plan(listed.dense, { units: 3 }),
      plan(listed.residual, { layers: [plan(listed.dense, { units: 3 })] }),
      plan(listed.dense, { units: 3, initializer: "normal" }),
    ];
    build(layers, { layers: chain, initializer: "zeros" }, { inputs: { image }, parameters: store.scope() });
    const isZero = (name: string) => store.initialValues(1)[name]!.data.every((value) => value === 0);
    expect(isZero("layers/1/weights")).toBe(true);
    expect(isZero("layers/2/layers/0/weights")).toBe(true);
    expect(isZero("layers/3/weights")).toBe(false);
  });
});
