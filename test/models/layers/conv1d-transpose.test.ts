import { beforeAll, describe, expect, it } from "vitest";

import type { Engine } from "../../../src/engine/engine.js";
import { conv1dTranspose } from "../../../src/models/layers/index.js";
import fixtures from "../../fixtures/sequences.json" with { type: "json" };
import { useEngine } from "../../support/engine.js";
import { expectFixture, type LayerFixture } from "../../support/waves.js";
import { evaluating } from "../perceptron.js";
import { connect, plan } from "./plan.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const named = fixtures as unknown as Readonly<Record<string, LayerFixture>>;

describe("the transposed convolution over a sequence", () => {
  it.each([
    [4, 2],
    [3, 1],
    [2, 3],
  ])("with windows of %i and strides of %i is PyTorch's", (kernel, stride) =>
    expectFixture(named[`conv1d-transpose ${kernel} ${stride}`]!, evaluating(engine), (parameters) =>
      connect(plan(conv1dTranspose, { filters: 3, kernel, stride, length: 7 }), [Math.ceil(7 / stride), 2], parameters),
    ),
  );

  it("multiplies the length unless told one, and gives none that its stride does not take back", () => {
    expect(plan(conv1dTranspose, { filters: 3, stride: 3 }).shape([2, 1])).toEqual([6, 3]);
    const odd = plan(conv1dTranspose, { filters: 3, stride: 3, length: 4 });
    expect(odd.shape([2, 1])).toEqual([4, 3]);
    expect(() => odd.shape([3, 1])).toThrow("a stride of 3 maps that length to 2, not to 3");
    expect(() => odd.shape([2, 2, 1])).toThrow("needs a sequence [length, channels]");
  });
});
