import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { conv as convDecoder } from "../../../src/models/decoders/index.js";
import { conv } from "../../../src/models/encoders/index.js";
import type { FieldSchema } from "../../../src/tensor/fields.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import fixtures from "../../fixtures/layers.json" with { type: "json" };
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { noiseOf, tensorOf } from "../../support/tensors.js";
import { expectFixture } from "../../support/waves.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const image: FieldSchema = { kind: "image", shape: [5, 4, 1], support: "unit" };
const label: FieldSchema = { kind: "label", shape: [], support: "categorical", classes: 3 };

describe("the conv encoder", () => {
  it("computes what PyTorch computes of an image and a label, with its gradients, in training", () => {
    const fields = { filters: [3, 2], strides: [2, 2], hidden: [4], activation: "tanh", normalization: "batch" };
    const context = calling(noiseOf(engine), true);
    const labels = tensorOf([2, 0, 1]);
    expectFixture(fixtures["conv encoder"], context, (parameters) => {
      const encoder = build(conv, fields, { inputs: { label, image }, parameters });
      expect(encoder.features).toEqual({ features: [4] });
      return (x, call) => encoder.encode({ image: x, label: labels }, call).features!;
    });
  });

  it("has 32 and 64 filters 4 x 4 of stride 2 and a dense layer of 256 units unless told otherwise", () => {
    const store = new ParameterStore();
    const digit: FieldSchema = { kind: "image", shape: [28, 28, 1], support: "binary" };
    build(conv, {}, { inputs: { digit }, parameters: store.scope("encoder") });
    expect(store.parameters.map(({ name, shape }) => [name, shape])).toEqual([
      ["encoder/conv-0/weights", [4, 4, 1, 32]],
      ["encoder/conv-0/bias", [32]],
      ["encoder/conv-1/weights", [4, 4, 32, 64]],
      ["encoder/conv-1/bias", [64]],
      ["encoder/dense-0/weights", [3136, 256]],
      ["encoder/dense-0/bias", [256]],
    ]);
  });

  it("takes strides by axis, and a decoder mirrors them", () => {
    const store = new ParameterStore();
    const strip: FieldSchema = { kind: "image", shape: [28, 4, 1], support: "binary" };
    const fields = { filters: [2, 3], strides: [[4, 1], 2], hidden: [] };
    const encoder = build(conv, fields, { inputs: { strip }, parameters: store.scope("e") });
    expect(encoder.features).toEqual({ features: [4 * 2 * 3] });
    expect(
      conv.refuses?.(
        {
          type: "conv",
          filters: [2, 3],
          strides: [
            [4, 1],
            [2, 8],
          ],
        },
        strip,
      ),
    ).toContain(
      "after 1 of the strides [[4, 1], [2, 8]] an image of 28 x 4 is 7 x 4, over which there is no stride of [2, 8]",
    );
    const mirrored = convDecoder.resolve?.({ type: "conv" }, { encoder: { type: "conv", kernel: 4, ...fields } });
    expect(mirrored).toMatchObject({ filters: [3, 2], strides: [2, [4, 1]] });
  });

  it("takes categories as one-hot channels, and images of one size side by side", () => {
    const store = new ParameterStore();
    const inputs: Record<string, FieldSchema> = {
      classes: { kind: "image", shape: [5, 4, 2], support: "categorical", classes: 3 },
      gray: image,
      small: { kind: "image", shape: [2, 2, 1], support: "unit" },
    };
    const fields = { filters: [2], strides: [2], hidden: [], activation: "identity" };
    const encoder = build(conv, fields, { inputs, parameters: store.scope("e") });
    expect(store.parameters[0]!.shape).toEqual([4, 4, 7, 2]);
    expect(encoder.features).toEqual({ features: [3 * 2 * 2 + 4] });
  });

  it("has a stride of 2 for each of the filters unless told otherwise, and refuses another number of them", () => {
    const fields = { type: "conv", filters: [8, 8, 8] };
    expect(conv.resolve?.(fields, {})).toEqual({ ...fields, strides: [2, 2, 2] });
    expect(() => conv.resolve?.({ ...fields, strides: [2] }, {})).toThrow("3 layers of filters have 1 strides");
  });

  it("refuses what is no image, and strides over less than themselves", () => {
    const refusal = (strides: number[], field: FieldSchema) => conv.refuses?.({ type: "conv", strides }, field);
    expect(refusal([2, 2], image)).toBeUndefined();
    expect(refusal([1, 1, 1, 1], image)).toBeUndefined();
    expect(refusal([2], { kind: "vector", shape: [4], support: "real" })).toBe(
      "convolutions need an image [height, width, channels] or a sequence [length, channels], not a vector of shape [4]: use an mlp",
    );
    expect(refusal([2, 2, 2], image)).toBe(
      "after 2 of the strides [2, 2, 2] an image of 5 x 4 is 2 x 1, over which there is no stride of 2: use fewer layers or smaller strides",
    );
  });
});
