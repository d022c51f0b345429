import { beforeAll, describe, expect, it } from "vitest";

import type { Engine } from "../../../src/engine/engine.js";
import { groupNorm } from "../../../src/models/layers/index.js";
import fixtures from "../../fixtures/layers.json" with { type: "json" };
import { useEngine } from "../../support/engine.js";
import { expectFixture } from "../../support/waves.js";
import { evaluating } from "../perceptron.js";
import { connect, plan } from "./plan.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

describe("the group normalization", () => {
  it("computes what PyTorch computes, with its gradients", () =>
    expectFixture(fixtures["group-norm 2 4"], evaluating(engine), (parameters) =>
      connect(plan(groupNorm, { groups: 2 }), [3, 2, 4], parameters),
    ));
  it("needs groups that divide the channels, of more than one number", () => {
    const layer = plan(groupNorm, { groups: 4 });
    expect(layer.shape([1, 2, 4])).toEqual([1, 2, 4]);
    expect(() => layer.shape([1, 1, 6])).toThrow("cannot split 6 channels into 4 equal groups");
    expect(() => layer.shape([1, 1, 4])).toThrow("constants");
  });
});
