import { beforeAll, describe, expect, it } from "vitest";
import { adam, adamw } from "../../src/optimizers/index.js";
import { constant } from "../../src/schedules/index.js";
import fixtures from "../fixtures/torch-optimizers.json" with { type: "json" };
import { build } from "../support/components.js";
import { useEngine } from "../support/engine.js";
import { expectSamePath, pathOf } from "./torch.js";

beforeAll(async () => {
  await useEngine();
});
const learningRate = build(constant, { value: 0.1 }, { totalSteps: 6 });
const epsilon = 1e-14;
const optimizer = (fields: object) => build(adamw, { learningRate, epsilon, weightDecay: 0.3, ...fields }, {});

describe("AdamW", () => {
  it("goes where PyTorch's goes, under a learning rate that changes", () => {
    expectSamePath(pathOf(optimizer({}), fixtures.rates), fixtures.adamw);
  });

  it("at no decay is Adam, PyTorch's and ours", () => {
    const path = pathOf(optimizer({ weightDecay: 0 }), fixtures.rates);
    expectSamePath(path, fixtures.adam);
    expect(path).toEqual(pathOf(build(adam, { learningRate, epsilon }, {}), fixtures.rates));
  });

  it("lets weights decay and neither biases nor a prior's means, unless all shall", () => {
    const applies = (decayed: string) => (name: string, shape: number[]) =>
      optimizer({ decayed }).decay!.applies(name, shape);
    const parameters: [string, number[]][] = [
      ["encoder/dense-0/weights", [784, 400]],
      ["encoder/conv-0/filters", [3, 3, 1, 32]],
      ["prior/mean/weights", [10, 16]],
      ["encoder/dense-0/bias", [400]],
      ["likelihood/log-scale", []],
      ["prior/means", [10, 16]],
      ["prior/pseudo-inputs/image", [500, 28, 28, 1]],
    ];
    expect(parameters.map((each) => applies("weights")(...each))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(parameters.every((each) => applies("all")(...each))).toBe(true);
    expectSamePath(pathOf(optimizer({}), fixtures.rates, "prior/means"), fixtures.adam);
    expectSamePath(pathOf(optimizer({ decayed: "all" }), fixtures.rates, "prior/means"), fixtures.adamw);
  });
});
