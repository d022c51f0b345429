/** Networks of convolutions over sequences against PyTorch (test/oracles/sequences.py). */
import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.js";
import * as decoders from "../../src/models/decoders/index.js";
import * as encoders from "../../src/models/encoders/index.js";
import { conv1d, reshape } from "../../src/models/layers/index.js";
import { imageFields } from "../../src/nn/index.js";
import type { FieldSchema } from "../../src/tensor/fields.js";
import { ParameterStore } from "../../src/tensor/parameters.js";
import fixtures from "../fixtures/sequences.json" with { type: "json" };
import { plan } from "../models/layers/plan.js";
import { evaluating } from "../models/perceptron.js";
import { build } from "../support/components.js";
import { useEngine } from "../support/engine.js";
import { expectClose, tensorOf } from "../support/tensors.js";
import { expectFixture } from "../support/waves.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const series: FieldSchema = { kind: "vector", shape: [7, 2], support: "real" };
const label: FieldSchema = { kind: "label", shape: [], support: "categorical", classes: 3 };
const RESNET = { filters: [3], hidden: [], activation: "tanh", normalization: "none" };

describe("a sequence [length, channels]", () => {
  it("is encoded by conv as PyTorch does it, beside a label", () => {
    const labels = tensorOf([2, 0, 1]);
    const fields = { filters: [3, 2], hidden: [4], activation: "tanh" };
    expectFixture(fixtures["conv encoder"], evaluating(engine), (parameters) => {
      const encoder = build(encoders.conv, fields, { inputs: { label, series }, parameters });
      return (x, call) => encoder.encode({ series: x, label: labels }, call).features!;
    });
  });

  it("is decoded by conv as PyTorch does it", () => {
    const fields = { filters: [2, 3], hidden: [4], activation: "elu" };
    expectFixture(fixtures["conv decoder"], evaluating(engine), (parameters) => {
      const context = { latents: { z: [3] }, output: [7, 2], field: series, parameters };
      const decoder = build(decoders.conv, fields, context);
      return (z, call) => decoder.decode({ z }, call);
    });
  });

  it("is encoded and decoded by resnet as PyTorch does it", () => {
    expectFixture(fixtures["resnet encoder"], evaluating(engine), (parameters) => {
      const encoder = build(encoders.resnet, RESNET, { inputs: { series }, parameters });
      return (x, call) => encoder.encode({ series: x }, call).features!;
    });
    expectFixture(fixtures["resnet decoder"], evaluating(engine), (parameters) => {
      const context = { latents: { z: [3] }, output: [7, 2], field: series, parameters };
      const decoder = build(decoders.resnet, RESNET, context);
      return (z, call) => decoder.decode({ z }, call);
    });
  });

  it("ends in a convolution of window 1 in a list of layers of the same length", () => {
    const store = new ParameterStore();
    const chain = [plan(reshape, { shape: [7, 4] }), plan(conv1d, { filters: 5 })];
    const context = { latents: { z: [28] }, output: [7, 2, 3], field: series, parameters: store.scope() };
    build(decoders.layers, { layers: chain }, context);
    expect(store.parameters.map(({ name, shape }) => [name, shape]).slice(2)).toEqual([
      ["output/weights", [1, 1, 5, 6]],
      ["output/bias", [6]],
    ]);
  });

  it("is refused where the strides find too little, and so is a stride across", () => {
    const refusal = (strides: unknown, field = series) => encoders.conv.refuses?.({ type: "conv", strides }, field);
    expect(refusal([2, 2])).toBeUndefined();
    expect(refusal([4, 4])).toContain("after 1 of the strides [4, 4] a sequence of 7 is 2 x 1, over which");
    expect(refusal([[2, 2]])).toContain("there is no stride of [2, 2]");
    expect(refusal([2], { ...series, shape: [14] })).toContain("or a sequence [length, channels], not a vector");
    expect(refusal([2], { ...series, shape: [7], support: "categorical", classes: 4 })).toBeUndefined();
  });

  it("beside an image is not a map, and categories become its channels", () => {
    const image: FieldSchema = { kind: "image", shape: [7, 1, 1], support: "unit" };
    expect(imageFields({ image, series }).rest.size).toBe(14);
    const codes: FieldSchema = { kind: "vector", shape: [3], support: "categorical", classes: 2 };
    const { channels, extent, apply } = imageFields({ codes });
    expect([channels, extent]).toEqual([2, [3, 1]]);
    expectClose(apply({ codes: tensorOf([[0, 1, 1]]) }), [[[[1, 0]], [[0, 1]], [[0, 1]]]]);
  });
});
