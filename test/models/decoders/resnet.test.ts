import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { resnet } from "../../../src/models/decoders/index.js";
import type { FieldSchema } from "../../../src/tensor/fields.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import fixtures from "../../fixtures/layers.json" with { type: "json" };
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { noiseOf } from "../../support/tensors.js";
import { expectFixture, wave, waveBindings } from "../../support/waves.js";
import { evaluating } from "../perceptron.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const image = (height: number, width: number): FieldSchema => ({
  kind: "image",
  shape: [height, width, 1],
  support: "unit",
});

describe("the resnet decoder", () => {
  it("computes what PyTorch computes in training, with its gradients", () => {
    const fields = { filters: [3, 2], strides: [2, 2], hidden: [4] };
    const context = { latents: { z: [3] }, output: [5, 4, 1], field: image(5, 4) };
    expectFixture(fixtures["resnet decoder"], calling(noiseOf(engine), true), (parameters) => {
      const decoder = build(resnet, fields, { ...context, parameters });
      return (z, call) => decoder.decode({ z }, call);
    });
  });

  it("comes back to odd extents, with as many channels as the likelihood asks for", () => {
    const store = new ParameterStore();
    const context = { latents: { z: [2] }, output: [27, 29, 1, 2], field: image(27, 29), parameters: store.scope() };
    const decoder = build(resnet, { filters: [4, 2], blocks: 2, normalization: "group" }, context);
    const decoded = store.bind(waveBindings(store), () => decoder.decode({ z: wave([3, 2], 0) }, evaluating(engine)));
    expect(decoded.shape).toEqual([3, 27, 29, 1, 2]);
  });

  it("mirrors a resnet encoder, except where it is told otherwise", () => {
    const encoder = {
      ...{ type: "resnet", filters: [8, 16, 32], blocks: 3, strides: [1, 2, 3], hidden: [100, 50] },
      ...{ activation: "elu", normalization: "group", dropout: 0.1, initializer: "orthogonal" },
    };
    const mirror = { ...encoder, filters: [32, 16, 8], strides: [3, 2, 1], hidden: [50, 100] };
    expect(resnet.resolve?.({ type: "resnet" }, { encoder })).toEqual(mirror);
    expect(resnet.resolve?.({ type: "resnet", filters: [9, 3] }, { encoder })).toEqual({
      ...{ ...mirror, filters: [9, 3], strides: [2, 2] },
    });
    expect(resnet.resolve?.({ type: "resnet" }, {})).toEqual({
      ...{ type: "resnet", filters: [64, 32], blocks: 1, strides: [2, 2], hidden: [256] },
      ...{ activation: "relu", normalization: "batch", dropout: 0 },
    });
  });
});
