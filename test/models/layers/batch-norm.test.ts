import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { batchNorm } from "../../../src/models/layers/index.js";
import fixtures from "../../fixtures/layers.json" with { type: "json" };
import { calling } from "../../support/calls.js";
import { useEngine } from "../../support/engine.js";
import { noiseOf } from "../../support/tensors.js";
import { expectFixture } from "../../support/waves.js";
import { evaluating } from "../perceptron.js";
import { connect, plan } from "./plan.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

describe("the batch normalization", () => {
  it("computes what PyTorch computes in training and outside it, with its gradients and statistics", () => {
    const training = calling(noiseOf(engine), true);
    expectFixture(fixtures["batch-norm training 4"], training, (parameters) =>
      connect(plan(batchNorm), [3, 2, 4], parameters),
    );
    expectFixture(fixtures["batch-norm 2"], evaluating(engine), (parameters) =>
      connect(plan(batchNorm), [4], parameters),
    );
  });
  it("keeps the shape", () => expect(plan(batchNorm).shape([3, 2, 4])).toEqual([3, 2, 4]));
});
