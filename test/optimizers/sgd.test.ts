import { beforeAll, describe, expect, it } from "vitest";
import { sgd } from "../../src/optimizers/index.js";
import { constant } from "../../src/schedules/index.js";
import fixtures from "../fixtures/optimizers.json" with { type: "json" };
import { build } from "../support/components.js";
import { useEngine } from "../support/engine.js";
import { expectToFollow } from "./fused.js";

beforeAll(async () => {
  await useEngine();
});
const learningRate = build(constant, { value: 0.1 }, { totalSteps: 6 });

describe("stochastic gradient descent", () => {
  it("goes where TensorFlow's ResourceApplyGradientDescent goes", () => {
    const optimizer = build(sgd, { learningRate }, {});
    expectToFollow(optimizer, fixtures.plain);
    expect(optimizer.fused?.inputs).toEqual([{ variable: true }, { learningRate: true }, { gradient: true }]);
  });

  it("with momentum goes where ResourceApplyMomentum goes, Nesterov's too", () => {
    const optimizer = build(sgd, { learningRate, momentum: 0.9 }, {});
    expectToFollow(optimizer, fixtures.momentum);
    expectToFollow(build(sgd, { learningRate, momentum: 0.9, nesterov: true }, {}), fixtures.nesterov);
    // var, accum, lr, grad, momentum.
    expect(optimizer.fused).toEqual({
      op: "ResourceApplyMomentum",
      inputs: [{ variable: true }, { slot: "momentum" }, { learningRate: true }, { gradient: true }, { constant: 0.9 }],
      attributes: { use_locking: false, use_nesterov: false },
    });
  });
});
