import { beforeAll, describe, expect, it } from "vitest";

import type { Engine } from "../../../src/engine/engine.js";
import { conv2d } from "../../../src/models/layers/index.js";
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

describe("the convolution", () => {
  it.each([
    [4, 2],
    [3, 1],
  ])("with windows of %i and strides of %i is PyTorch's", (kernel, stride) =>
    expectFixture(named[`conv2d ${kernel} ${stride}`]!, evaluating(engine), (parameters) =>
      connect(plan(conv2d, { filters: 2, kernel, stride }), [5, 4, 3], parameters),
    ),
  );

  it("gives the shapes of its padding", () => {
    const shape = (padding: string) => plan(conv2d, { filters: 6, kernel: 3, stride: 2, padding }).shape([8, 7, 1]);
    expect(shape("same")).toEqual([4, 4, 6]);
    expect(shape("valid")).toEqual([3, 3, 6]);
    const byAxis = plan(conv2d, { filters: 6, kernel: 3, stride: [2, 1], padding: "valid" });
    expect(byAxis.shape([8, 7, 1])).toEqual([3, 5, 6]);
  });
});
