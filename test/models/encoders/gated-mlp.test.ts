import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { gatedMlp } from "../../../src/models/encoders/index.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import fixtures from "../../fixtures/layers.json" with { type: "json" };
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { expectFixture } from "../../support/waves.js";
import { evaluating } from "../perceptron.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const vector = { kind: "vector", shape: [6], support: "real" } as const;

describe("the gated-mlp encoder", () => {
  it("computes what PyTorch computes, with its gradients", () =>
    expectFixture(fixtures["gated encoder"], evaluating(engine), (parameters) => {
      const encoder = build(gatedMlp, { hidden: [4, 3] }, { inputs: { vector }, parameters });
      return (x, call) => encoder.encode({ vector: x }, call).features!;
    }));

  it("has two hidden layers of 300 units unless told otherwise", () => {
    const store = new ParameterStore();
    const encoder = build(gatedMlp, {}, { inputs: { vector }, parameters: store.scope() });
    expect(encoder.features).toEqual({ features: [300] });
    expect(store.parameters.length).toBe(8);
  });
});
