import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { flatten } from "../../../src/models/layers/index.js";
import { tf } from "../../../src/tensor/tensor.js";

import { useEngine } from "../../support/engine.js";
import { valuesOf } from "../../support/tensors.js";
import { evaluating } from "../perceptron.js";
import { connect, plan } from "./plan.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

describe("the flatten layer", () => {
  it("puts each example in a row", () => {
    expect(plan(flatten).shape([2, 3, 2])).toEqual([12]);
    const x = tf.reshape(tf.range(0, 24), [2, 2, 3, 2]);
    const row = connect(plan(flatten), [2, 3, 2])(x, evaluating(engine));
    expect([row.shape, valuesOf(row)]).toEqual([[2, 12], valuesOf(x)]);
  });
});
