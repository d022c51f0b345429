import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { unet } from "../../../src/models/encoders/index.js";
import type { FieldSchema } from "../../../src/tensor/fields.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { tf } from "../../../src/tensor/tensor.js";
import { loadWritten, setUp } from "../../../src/testing/experiment.js";
import { assertAllFinite, assertCapturedLikeEager } from "../../../src/testing/steps.js";
import fixtures from "../../fixtures/layers.json" with { type: "json" };
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { tensorOf } from "../../support/tensors.js";
import { expectFixture } from "../../support/waves.js";
import { evaluating } from "../perceptron.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const image: FieldSchema = { kind: "image", shape: [5, 4, 1], support: "unit" };
const label: FieldSchema = { kind: "label", shape: [], support: "categorical", classes: 3 };

describe("the unet encoder", () => {
  it("computes what PyTorch computes at every scale, of an image and a label", () => {
    const fields = { filters: [2, 3, 2], strides: [2, 2, 1], hidden: [4], activation: "tanh" };
    const labels = tensorOf([2, 0, 1]);
    expectFixture(fixtures["unet encoder"], evaluating(engine), (parameters) => {
      const encoder = build(unet, fields, { inputs: { label, image }, parameters });
      expect(encoder.features).toEqual({ low: [3, 2, 2], middle: [2, 1, 3], features: [4] });
      return (x, call) => {
        const maps = encoder.encode({ image: x, label: labels }, call);
        const flat = [maps.low!, maps.middle!, maps.features!].map((each) => tf.reshape(each, [3, -1]));
        return tf.concat(flat, 1);
      };
    });
  });

  it("numbers the scales between the finest and the deepest if there are several", () => {
    const context = { inputs: { image }, parameters: new ParameterStore().scope() };
    const { features } = build(unet, { filters: [1, 2, 3, 4], strides: [1, 2, 2, 1], hidden: [] }, context);
    expect(features).toEqual({ low: [5, 4, 1], "middle-1": [3, 2, 2], "middle-2": [2, 1, 3], features: [8] });
  });

  it("feeds each latent of a ladder the map that it names, captured as eagerly", async () => {
    const made = await setUp(
      await loadWritten({
        model: {
          encoder: { type: "unet", filters: [2, 3], hidden: [4] },
          latents: {
            z1: {
              ...{ size: 2, inferredFrom: ["x/low", "z2"], encoder: { type: "mlp", hidden: [5] } },
              ...{ generatedFrom: ["z2"], prior: { type: "gaussian", hidden: [4] } },
            },
            z2: { size: 3 },
          },
          generatedFrom: ["z1"],
        },
      }),
    );
    const shapeOf = (name: string) => made.assembled.initialValues[name]?.shape;
    // z1 reads the 3 x 2 maps of 2 channels beside the 3 numbers of z2, z2 the 4 units of the deepest scale.
    expect(shapeOf("latents/z1/encoder/dense-0/weights")).toEqual([3 * 2 * 2 + 3, 5]);
    expect(shapeOf("latents/z2/posterior/mean/weights")).toEqual([4, 3]);
    assertAllFinite(assertCapturedLikeEager(engine, made, 3));
  });
});
