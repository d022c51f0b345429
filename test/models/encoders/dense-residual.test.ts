import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { denseResidual } from "../../../src/models/encoders/index.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
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
const vector = { kind: "vector", shape: [6], support: "real" } as const;

describe("the dense-residual encoder", () => {
  it("computes what PyTorch computes in training, with its gradients and statistics", () => {
    const fields = { width: 4, activation: "tanh", normalization: "batch" };
    expectFixture(fixtures["dense-residual encoder"], calling(noiseOf(engine), true), (parameters) => {
      const encoder = build(denseResidual, fields, { inputs: { vector }, parameters });
      return (x, call) => encoder.encode({ vector: x }, call).features!;
    });
  });

  it("has two blocks of 256 units, with biases and without normalization, unless told otherwise", () => {
    const store = new ParameterStore();
    const encoder = build(denseResidual, {}, { inputs: { vector }, parameters: store.scope() });
    expect(encoder.features).toEqual({ features: [256] });
    const blocks = ["block-0/dense-0", "block-0/dense-1", "block-1/dense-0", "block-1/dense-1"];
    expect(store.parameters.map(({ name, shape }) => [name, shape])).toEqual(
      ["first", ...blocks].flatMap((name) => [
        [`${name}/weights`, [name === "first" ? 6 : 256, 256]],
        [`${name}/bias`, [256]],
      ]),
    );
  });
});
