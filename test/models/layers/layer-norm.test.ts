import { beforeAll, describe, expect, it } from "vitest";

import type { Engine } from "../../../src/engine/engine.js";
import { layerNorm } from "../../../src/models/layers/index.js";
import fixtures from "../../fixtures/layers.json" with { type: "json" };
import { useEngine } from "../../support/engine.js";
import { expectFixture } from "../../support/waves.js";
import { evaluating } from "../perceptron.js";
import { connect, plan } from "./plan.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

describe("the layer normalization", () => {
  it("computes what PyTorch computes with one group, with its gradients", () => {
    expectFixture(fixtures["group-norm 1 4"], evaluating(engine), (parameters) =>
      connect(plan(layerNorm), [3, 2, 4], parameters),
    );
    expectFixture(fixtures["group-norm 1 2"], evaluating(engine), (parameters) =>
      connect(plan(layerNorm), [4], parameters),
    );
  });
  it("needs more than one number", () => expect(() => plan(layerNorm).shape([1])).toThrow("a constant"));
});
