import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { gatedMlp } from "../../../src/models/decoders/index.js";
import fixtures from "../../fixtures/layers.json" with { type: "json" };
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { expectFixture } from "../../support/waves.js";
import { evaluating } from "../perceptron.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const field = { kind: "vector", shape: [6], support: "real" } as const;

describe("the gated-mlp decoder", () => {
  it("computes what PyTorch computes, with its gradients", () =>
    expectFixture(fixtures["gated decoder"], evaluating(engine), (parameters) => {
      const decoder = build(gatedMlp, { hidden: [4] }, { latents: { z: [3] }, output: [6], field, parameters });
      return (z, call) => decoder.decode({ z }, call);
    }));

  it("mirrors a gated-mlp encoder, and no other", () => {
    const encoder = { type: "gated-mlp", hidden: [5, 3], gain: 2 };
    const own = { type: "gated-mlp" };
    expect(gatedMlp.resolve?.(own, { encoder })).toEqual({ ...own, hidden: [3, 5], gain: 2 });
    expect(gatedMlp.resolve?.(own, { encoder: { ...encoder, type: "mlp" } })).toEqual({ ...own, hidden: [300, 300] });
  });
});
