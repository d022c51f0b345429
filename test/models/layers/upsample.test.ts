import { beforeAll, describe, expect, it } from "vitest";

import type { Engine } from "../../../src/engine/engine.js";
import { upsample } from "../../../src/models/layers/index.js";
import fixtures from "../../fixtures/layers.json" with { type: "json" };
import { useEngine } from "../../support/engine.js";
import { expectFixture } from "../../support/waves.js";
import { evaluating } from "../perceptron.js";
import { connect, plan } from "./plan.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

describe("the upsampling", () => {
  it("repeats pixels as PyTorch does, with its gradients", () =>
    expectFixture(fixtures["upsample 2"], evaluating(engine), (parameters) =>
      connect(plan(upsample), [5, 4, 3], parameters),
    ));
  it("multiplies height and width", () => expect(plan(upsample, { factor: 3 }).shape([2, 5, 4])).toEqual([6, 15, 4]));
});
