import { beforeAll, describe, expect, it } from "vitest";

import type { Engine } from "../../../src/engine/engine.js";
import { maxPool } from "../../../src/models/layers/index.js";
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

describe("the max-pool", () => {
  it.each([
    ["valid", 2, 2],
    ["valid", 3, 1],
    ["same", 2, 2],
  ] as const)("%s, with windows of %i and strides of %i is PyTorch's", (padding, kernel, stride) =>
    expectFixture(named[`max-pool ${padding} ${kernel} ${stride}`]!, evaluating(engine), (parameters) =>
      connect(plan(maxPool, { kernel, stride, padding }), [5, 4, 3], parameters),
    ),
  );

  it("has windows side by side unless told otherwise", () =>
    expect(plan(maxPool, { kernel: 3 }).shape([10, 9, 2])).toEqual([3, 3, 2]));
});
