import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { denseResidual } from "../../../src/models/decoders/index.js";
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

describe("the dense-residual decoder", () => {
  it("computes what PyTorch computes, with its gradients", () => {
    const fields = { width: 4, blocks: 1, activation: "elu" };
    expectFixture(fixtures["dense-residual decoder"], evaluating(engine), (parameters) => {
      const decoder = build(denseResidual, fields, { latents: { z: [3] }, output: [6], field, parameters });
      return (z, call) => decoder.decode({ z }, call);
    });
  });

  it("mirrors a dense-residual encoder, and no other", () => {
    const encoder = {
      ...{ type: "dense-residual", width: 8, blocks: 3, activation: "elu" },
      ...{ normalization: "layer", dropout: 0.1, gain: 2 },
    };
    const own = { type: "dense-residual", blocks: 1 };
    expect(denseResidual.resolve?.(own, { encoder })).toEqual({ ...encoder, blocks: 1 });
    expect(denseResidual.resolve?.(own, { encoder: { ...encoder, type: "mlp" } })).toEqual({
      ...{ type: "dense-residual", width: 256, blocks: 1, activation: "relu" },
      ...{ normalization: "none", dropout: 0 },
    });
  });
});
