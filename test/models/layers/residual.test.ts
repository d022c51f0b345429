import { beforeAll, describe, expect, it } from "vitest";

import type { Engine } from "../../../src/engine/engine.js";
import { conv2d, dense, residual } from "../../../src/models/layers/index.js";
import fixtures from "../../fixtures/layers.json" with { type: "json" };
import { useEngine } from "../../support/engine.js";
import { expectFixture } from "../../support/waves.js";
import { evaluating } from "../perceptron.js";
import { connect, plan } from "./plan.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

describe("the residual connection", () => {
  it("adds its input as it is, or projected, as PyTorch does", () => {
    expectFixture(fixtures["residual units"], evaluating(engine), (parameters) => {
      const inner = plan(dense, { units: 4, activation: "tanh" });
      return connect(plan(residual, { layers: [inner] }), [4], parameters);
    });
    expectFixture(fixtures["residual maps"], evaluating(engine), (parameters) => {
      const inner = plan(conv2d, { filters: 2, stride: 2, activation: "tanh" });
      return connect(plan(residual, { layers: [inner] }), [5, 4, 3], parameters);
    });
  });

  it("has the shape of what is inside, where a projection leads there", () => {
    const around = (...layers: unknown[]) => plan(residual, { layers });
    const thrice = plan(conv2d, { filters: 2, stride: 3 });
    expect(around(thrice, thrice).shape([28, 28, 1])).toEqual([4, 4, 2]);
    expect(around(plan(dense, { units: 3 })).shape([7])).toEqual([3]);
    expect(() => around(plan(conv2d, { filters: 2, kernel: 3, padding: "valid" })).shape([28, 28, 2])).toThrow(
      "no projection connects the two shapes",
    );
  });
});
