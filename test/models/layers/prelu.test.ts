import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { prelu } from "../../../src/models/layers/index.js";
import { tf } from "../../../src/tensor/tensor.js";
import fixtures from "../../fixtures/layers.json" with { type: "json" };
import { useEngine } from "../../support/engine.js";
import { expectFixture } from "../../support/waves.js";
import { evaluating } from "../perceptron.js";
import { connect, plan } from "./plan.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

describe("the rectifier with a trained slope", () => {
  it("has PyTorch's values and gradients", () =>
    expectFixture(fixtures.prelu, evaluating(engine), (parameters) => {
      const layer = connect(plan(prelu), [5, 3], parameters);
      return (x, call) => layer(tf.sub(x, 0.1), call);
    }));
  it("keeps the shape", () => expect(plan(prelu).shape([5, 3])).toEqual([5, 3]));
});
