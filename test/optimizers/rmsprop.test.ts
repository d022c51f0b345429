import { beforeAll, describe, expect, it } from "vitest";
import { rmsprop } from "../../src/optimizers/index.js";
import { constant } from "../../src/schedules/index.js";
import fixtures from "../fixtures/torch-optimizers.json" with { type: "json" };
import { build } from "../support/components.js";
import { useEngine } from "../support/engine.js";
import { expectSamePath, pathOf } from "./torch.js";

beforeAll(async () => {
  await useEngine();
});
const learningRate = build(constant, { value: 0.1 }, { totalSteps: 6 });
/** The square of PyTorch's. */
const epsilon = 1e-28;

describe("RMSprop", () => {
  it("goes where PyTorch's goes, under a learning rate that changes", () => {
    expectSamePath(pathOf(build(rmsprop, { learningRate, epsilon }, {}), fixtures.rates), fixtures.rmsprop);
  });

  it("with momentum and one rate goes where PyTorch's goes", () => {
    const optimizer = build(rmsprop, { learningRate, decay: 0.96875, momentum: 0.7, epsilon }, {});
    expectSamePath(pathOf(optimizer, fixtures.constantRates), fixtures.rmspropMomentum);
  });

  it("names the op's inputs in the op's order", () => {
    const { fused } = build(rmsprop, { learningRate, momentum: 0.5 }, {});
    // var, ms, mom, lr, rho, momentum, epsilon, grad: TensorFlow's training_ops.cc.
    expect(fused).toEqual({
      op: "ResourceApplyRMSProp",
      inputs: [
        { variable: true },
        { slot: "meanSquare" },
        { slot: "momentum" },
        { learningRate: true },
        { constant: 0.9 },
        { constant: 0.5 },
        { constant: 1e-10 },
        { gradient: true },
      ],
      attributes: { use_locking: false },
    });
  });
});
