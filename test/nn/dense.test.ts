import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.js";
import { ACTIVATIONS, activate, dense, denseStack, flattenFields } from "../../src/nn/index.js";
import type { FieldSchemas } from "../../src/tensor/fields.js";
import { zeros } from "../../src/tensor/initializers.js";
import { ParameterStore } from "../../src/tensor/parameters.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import fixtures from "../fixtures/activations.json" with { type: "json" };
import { evaluating } from "../models/perceptron.js";
import { initialBindings, parameterGradients } from "../support/components.js";
import { useEngine } from "../support/engine.js";
import { differences, expectClose, tensorOf, valuesOf } from "../support/tensors.js";
import { wave } from "../support/waves.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

describe("activations", () => {
  it.each(ACTIVATIONS)("%s has PyTorch's values and gradient", (name) => {
    const { value, gradient } = fixtures.activations[name];
    const x = tensorOf(fixtures.x);
    expectClose(activate(name)(x), value, 2e-6);
    const upstream = wave([2, 5], 20);
    expectClose(tf.grad((y: Tensor) => tf.sum(tf.mul(activate(name)(tf.mul(y, 1)), upstream)))(x), gradient, 2e-6);
  });
});

describe("dense layers", () => {
  it("have gradients in weights and bias that differences confirm", () => {
    const store = new ParameterStore();
    const layer = denseStack(store.scope("net"), 3, [4, 2], { activation: "tanh" });
    const bindings = initialBindings(store);
    const x = tensorOf([
      [0.3, -1, 2],
      [1, 0.2, -0.7],
    ]);
    const loss = (): Tensor => tf.mean(tf.square(layer.apply(x, evaluating(engine))));
    const gradients = parameterGradients(store, bindings, loss);
    expect(Object.keys(gradients)).toEqual([
      "net/dense-0/weights",
      "net/dense-0/bias",
      "net/dense-1/weights",
      "net/dense-1/bias",
    ]);
    for (const [name, gradient] of Object.entries(gradients)) {
      const slopes = differences((moved) => store.bind({ ...bindings, [name]: moved }, loss), bindings[name]!);
      expectClose(tf.reshape(gradient, [-1]), valuesOf(slopes), 1e-3);
    }
  });

  it("keep the scale of their input: He's before a rectifier, Glorot's elsewhere", () => {
    const store = new ParameterStore();
    denseStack(store.scope("relu"), 400, [300], { activation: "relu" });
    denseStack(store.scope("tanh"), 400, [300], { activation: "tanh" });
    dense(store.scope("own"), 400, 300, zeros);
    const spread = (name: string): number => {
      const { data } = store.initialValues(1)[`${name}/weights`]!;
      return data.reduce((sum, value) => sum + value * value, 0) / data.length;
    };
    // Variances 2 / in and 2 / (in + out), five standard errors of 120,000 draws.
    expect(Math.abs(spread("relu/dense-0") * 200 - 1)).toBeLessThan(0.021);
    expect(Math.abs(spread("tanh/dense-0") * 350 - 1)).toBeLessThan(0.021);
    expect(spread("own")).toBe(0);
    expect(store.initialValues(1)["relu/dense-0/bias"]!.data.every((value) => value === 0)).toBe(true);
  });

  it("with nothing hidden are the identity", () => {
    const store = new ParameterStore();
    const x = tensorOf([[1, -2]]);
    const layer = denseStack(store.scope("net"), 2, [], { activation: "relu" });
    expect([layer.outputs, store.parameters.length]).toEqual([2, 0]);
    expect(valuesOf(layer.apply(x, evaluating(engine)))).toEqual([1, -2]);
  });
});

describe("flattened fields", () => {
  it("stand in the order of their names, categories one-hot", () => {
    const schemas: FieldSchemas = {
      label: { kind: "label", shape: [], support: "categorical", classes: 3 },
      columns: { kind: "vector", shape: [2], support: "real" },
      image: { kind: "image", shape: [1, 2, 1], support: "unit" },
    };
    const flat = flattenFields(schemas);
    const fields = {
      label: tensorOf([2, 0]),
      image: tensorOf([[[[5], [6]]], [[[7], [8]]]]),
      columns: tensorOf([
        [1, 2],
        [3, 4],
      ]),
    };
    expect(flat.size).toBe(7);
    expectClose(flat.apply(fields), [
      [1, 2, 5, 6, 0, 0, 1],
      [3, 4, 7, 8, 1, 0, 0],
    ]);
    const { label: _, ...schemasWithout } = schemas;
    expect(flattenFields(schemasWithout).apply(fields).shape).toEqual([2, 4]);
  });
});
