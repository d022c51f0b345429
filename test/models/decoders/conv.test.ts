import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { conv } from "../../../src/models/decoders/index.js";
import { conv as convEncoder } from "../../../src/models/encoders/index.js";
import type { FieldSchema } from "../../../src/tensor/fields.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { tf } from "../../../src/tensor/tensor.js";
import fixtures from "../../fixtures/layers.json" with { type: "json" };
import { build, withDefaults } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { expectFixture, wave, waveBindings } from "../../support/waves.js";
import { evaluating } from "../perceptron.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const image = (height: number, width: number, channels = 1): FieldSchema => ({
  kind: "image",
  shape: [height, width, channels],
  support: "unit",
});

describe("the conv decoder", () => {
  it("computes what PyTorch computes, with its gradients", () => {
    const fields = { filters: [2, 3], strides: [2, 2], hidden: [4], activation: "elu" };
    const context = { latents: { z: [3] }, output: [5, 4, 1], field: image(5, 4) };
    expectFixture(fixtures["conv decoder"], evaluating(engine), (parameters) => {
      const decoder = build(conv, fields, { ...context, parameters });
      return (z, call) => decoder.decode({ z }, call);
    });
  });

  it.each([
    [28, 28, [2, 2]],
    [27, 29, [2, 2]],
    [5, 7, [3, 1]],
    [6, 5, [1, 2, 2]],
  ])("comes back to %i x %i by the strides %j", (height, width, strides) => {
    const store = new ParameterStore();
    const fields = { filters: strides.map(() => 2), strides, activation: "tanh" };
    const output = [height, width, 3, 2];
    const context = { latents: { z: [2] }, output, field: image(height, width, 3), parameters: store.scope() };
    const decoder = build(conv, fields, context);
    const decoded = store.bind(waveBindings(store), () => decoder.decode({ z: wave([4, 2], 0) }, evaluating(engine)));
    expect(decoded.shape).toEqual([4, ...output]);
    // No pixel is left out: each depends on z.
    expect(tf.min(tf.sub(tf.max(decoded, 0), tf.min(decoded, 0))).dataSync()[0]).toBeGreaterThan(0);
  });

  it("with the default encoder has 256 units, 3136, and two transposed convolutions", () => {
    const encoder = convEncoder.resolve?.(withDefaults(convEncoder, { type: "conv" }) as never, {});
    const fields = conv.resolve?.({ type: "conv" }, { encoder: encoder! });
    expect(fields).toEqual(conv.resolve?.({ type: "conv" }, {}));
    const store = new ParameterStore();
    const context = { latents: { z: [20] }, output: [28, 28, 1], field: image(28, 28), parameters: store.scope("d") };
    build(conv, fields!, context);
    expect(store.parameters.map(({ name, shape }) => [name, shape])).toEqual([
      ["d/dense-0/weights", [20, 256]],
      ["d/dense-0/bias", [256]],
      ["d/maps/weights", [256, 3136]],
      ["d/maps/bias", [3136]],
      ["d/conv-0/weights", [4, 4, 32, 64]],
      ["d/conv-0/bias", [32]],
      ["d/conv-1/weights", [4, 4, 1, 32]],
      ["d/conv-1/bias", [1]],
    ]);
  });

  it("mirrors a conv encoder, lists in reverse, except where it is told otherwise", () => {
    const encoder = {
      ...{ type: "conv", filters: [8, 16, 32], kernel: 3, strides: [2, 1, 2], hidden: [100, 50] },
      ...{ activation: "elu", normalization: "batch", dropout: 0.1 },
    };
    const mirror = { ...encoder, filters: [32, 16, 8], strides: [2, 1, 2], hidden: [50, 100] };
    expect(conv.resolve?.({ type: "conv" }, { encoder })).toEqual(mirror);
    expect(conv.resolve?.({ type: "conv", kernel: 5 }, { encoder })).toEqual({ ...mirror, kernel: 5 });
    expect(conv.resolve?.({ type: "conv", filters: [9] }, { encoder })).toEqual({
      ...mirror,
      filters: [9],
      strides: [2],
    });
    expect(() => conv.resolve?.({ type: "conv", strides: [2] }, { encoder })).toThrow("3 layers of filters");
  });

  it("refuses what is no image, and strides that the way down cannot take", () => {
    const refusal = (strides: number[], field: FieldSchema) => conv.refuses?.({ type: "conv", strides }, field);
    expect(refusal([2, 3], image(5, 5))).toBeUndefined();
    expect(refusal([3, 2], image(3, 3))).toContain("no stride of 3");
    expect(refusal([2], { kind: "label", shape: [], support: "categorical" })).toContain("not a label: use an mlp");
  });
});
