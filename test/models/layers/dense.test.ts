import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { dense } from "../../../src/models/layers/index.js";
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

describe("the dense layer", () => {
  it("computes what PyTorch computes, with its gradients", () => {
    // The residual's fixture is x + tanh(x W + b).
    const fixture = fixtures["residual units"];
    const { "layers/0/weights": weights, "layers/0/bias": bias } = fixture.gradients;
    expectFixture(
      { ...fixture, gradients: { x: fixture.gradients.x, weights, bias } },
      evaluating(engine),
      (parameters) => {
        const layer = connect(plan(dense, { units: 4, activation: "tanh" }), [4], parameters);
        return (x, call) => tf.add(x, layer(x, call));
      },
    );
  });

  it("takes rows alone", () => {
    expect(plan(dense, { units: 4 }).shape([7])).toEqual([4]);
    expect(() => plan(dense, { units: 4 }).shape([7, 1])).toThrow("needs [units]");
  });
});
