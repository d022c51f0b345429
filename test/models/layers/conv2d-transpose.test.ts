import { beforeAll, describe, expect, it } from "vitest";

import type { Engine } from "../../../src/engine/engine.js";
import { conv2dTranspose } from "../../../src/models/layers/index.js";
import fixtures from "../../fixtures/layers.json" with { type: "json" };
import { useEngine } from "../../support/engine.js";
import { expectFixture, type LayerFixture } from "../../support/waves.js";
import { evaluating } from "../perceptron.js";
import { connect, plan } from "./plan.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const named = fixtures as unknown as Readonly<Record<string, LayerFixture>>;

describe("the transposed convolution", () => {
  it.each([
    [4, 2],
    [2, 3],
  ])("with windows of %i and strides of %i is PyTorch's", (kernel, stride) => {
    const input = [Math.ceil(5 / stride), Math.ceil(4 / stride), 2];
    expectFixture(named[`conv2d-transpose ${kernel} ${stride}`]!, evaluating(engine), (parameters) =>
      connect(plan(conv2dTranspose, { filters: 3, kernel, stride, size: [5, 4] }), input, parameters),
    );
  });

  it("multiplies height and width unless told a size, and gives none that its stride does not take back", () => {
    expect(plan(conv2dTranspose, { filters: 3, stride: 3 }).shape([2, 4, 1])).toEqual([6, 12, 3]);
    const odd = plan(conv2dTranspose, { filters: 3, stride: 3, size: [4, 11] });
    expect(odd.shape([2, 4, 1])).toEqual([4, 11, 3]);
    expect(() => odd.shape([3, 4, 1])).toThrow("cannot output [4, 11]");
  });

  it("takes a stride by axis", () => {
    expect(plan(conv2dTranspose, { filters: 3, stride: [3, 1] }).shape([2, 4, 1])).toEqual([6, 4, 3]);
    const wrong = plan(conv2dTranspose, { filters: 3, stride: [2, 1], size: [4, 5] });
    expect(() => wrong.shape([2, 4, 1])).toThrow("a stride of [2, 1] maps that size to [2, 5], not to [2, 4]");
  });
});
