import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { dropout } from "../../../src/models/layers/index.js";
import { tf } from "../../../src/tensor/tensor.js";
import { calling } from "../../support/calls.js";

import { useEngine } from "../../support/engine.js";
import { noiseOf, valuesOf } from "../../support/tensors.js";
import { evaluating } from "../perceptron.js";
import { connect, plan } from "./plan.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

describe("the dropout layer", () => {
  it("drops half of the elements and doubles the rest in training, and nothing outside it", () => {
    const layer = connect(plan(dropout), [1000]);
    const x = tf.ones([10, 1000]);
    const dropped = valuesOf(layer(x, calling(noiseOf(engine), true)));
    expect(new Set(dropped)).toEqual(new Set([0, 2]));
    // Five standard errors of 10,000 draws.
    expect(Math.abs(dropped.reduce((sum, value) => sum + value, 0) / 10_000 - 1)).toBeLessThan(0.05);
    expect(valuesOf(layer(x, evaluating(engine)))).toEqual(valuesOf(x));
  });
});
