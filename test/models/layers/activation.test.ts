import { beforeAll, describe, expect, it } from "vitest";

import type { Engine } from "../../../src/engine/engine.js";
import { activation } from "../../../src/models/layers/index.js";
import fixtures from "../../fixtures/activations.json" with { type: "json" };
import { useEngine } from "../../support/engine.js";
import { expectClose, tensorOf } from "../../support/tensors.js";
import { evaluating } from "../perceptron.js";
import { connect, plan } from "./plan.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

describe("the activation layer", () => {
  it.each(["relu", "softmax", "mish"] as const)("%s has PyTorch's values", (name) => {
    const layer = connect(plan(activation, { function: name }), [5]);
    expectClose(layer(tensorOf(fixtures.x), evaluating(engine)), fixtures.activations[name].value, 2e-6);
  });
  it("keeps the shape", () => expect(plan(activation).shape([2, 3])).toEqual([2, 3]));
});
