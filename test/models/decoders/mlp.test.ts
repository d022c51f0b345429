import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { mlp } from "../../../src/models/decoders/index.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { tf } from "../../../src/tensor/tensor.js";
import fixtures from "../../fixtures/networks.json" with { type: "json" };
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, tensorOf, valuesOf } from "../../support/tensors.js";
import { evaluating, sineBindings } from "../perceptron.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const { features, decoded } = fixtures.perceptron;
const field = { kind: "image", shape: [2, 3, 1], support: "unit" } as const;

describe("the mlp decoder", () => {
  it("computes what NumPy and TensorFlow compute, in the output's shape", () => {
    const store = new ParameterStore();
    const context = { latents: { z: [3] }, output: [2, 3, 1], field, parameters: store.scope("decoder") };
    const decoder = build(mlp, { hidden: [4], activation: "elu" }, context);
    const output = store.bind(sineBindings(store, 2), () =>
      decoder.decode({ z: tensorOf(features) }, evaluating(engine)),
    );
    expect(output.shape).toEqual([2, 2, 3, 1]);
    expectClose(tf.reshape(output, [2, 6]), decoded);
  });

  it("joins several latents of any shape in the order of their names", () => {
    const decode = (
      latents: Record<string, number[]>,
      values: Record<string, ReturnType<typeof tensorOf>>,
    ): number[] => {
      const store = new ParameterStore();
      const context = { latents, output: [2], field, parameters: store.scope("decoder") };
      const decoder = build(mlp, { hidden: [4], activation: "tanh" }, context);
      return valuesOf(store.bind(sineBindings(store), () => decoder.decode(values, evaluating(engine))));
    };
    const split = { y: tf.reshape(tensorOf([[3, 4, 5, 6]]), [1, 2, 2]), a: tensorOf([[1, 2]]) };
    expect(decode({ y: [2, 2], a: [2] }, split)).toEqual(decode({ z: [6] }, { z: tensorOf([[1, 2, 3, 4, 5, 6]]) }));
  });

  it("mirrors an mlp encoder, except where it is told otherwise", () => {
    const encoder = { type: "mlp", hidden: [400, 200, 100], activation: "tanh" };
    expect(mlp.resolve?.({ type: "mlp" }, { encoder })).toEqual({
      type: "mlp",
      hidden: [100, 200, 400],
      activation: "tanh",
    });
    expect(encoder.hidden).toEqual([400, 200, 100]);
    expect(mlp.resolve?.({ type: "mlp", hidden: [7], activation: "elu" }, { encoder })).toEqual({
      type: "mlp",
      hidden: [7],
      activation: "elu",
    });
    const linear = { type: "mlp", hidden: [], activation: "relu" };
    expect(mlp.resolve?.({ type: "mlp" }, { encoder: linear })).toEqual(linear);
    const other = { type: "convolutional", hidden: [3] };
    expect(mlp.resolve?.({ type: "mlp" }, { encoder: other })).toEqual({
      type: "mlp",
      hidden: [256, 512],
      activation: "relu",
    });
  });
});
