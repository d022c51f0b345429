import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { resnet } from "../../../src/models/encoders/index.js";
import type { FieldSchema } from "../../../src/tensor/fields.js";
import fixtures from "../../fixtures/layers.json" with { type: "json" };
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { noiseOf } from "../../support/tensors.js";
import { expectFixture } from "../../support/waves.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const image: FieldSchema = { kind: "image", shape: [5, 4, 1], support: "unit" };

describe("the resnet encoder", () => {
  it("computes what PyTorch computes in training, with its gradients", () => {
    const fields = { filters: [2, 3], blocks: 2, strides: [2, 2], hidden: [4] };
    expectFixture(fixtures["resnet encoder"], calling(noiseOf(engine), true), (parameters) => {
      const encoder = build(resnet, fields, { inputs: { image }, parameters });
      expect(encoder.features).toEqual({ features: [4] });
      return (x, call) => encoder.encode({ image: x }, call).features!;
    });
  });

  it("has a stride of 2 a stage unless told otherwise, and refuses what its strides cannot go over", () => {
    const fields = { type: "resnet", filters: [8, 8, 8] };
    expect(resnet.resolve?.(fields, {})).toEqual({ ...fields, strides: [2, 2, 2] });
    expect(() => resnet.resolve?.({ ...fields, strides: [2] }, {})).toThrow("3 layers of filters have 1 strides");
    expect(resnet.refuses?.({ ...fields, strides: [2, 2, 2] }, image)).toContain("there is no stride of 2");
    expect(resnet.refuses?.({ ...fields, strides: [2, 2, 1] }, image)).toBeUndefined();
  });
});
