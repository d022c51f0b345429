import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { reshape } from "../../../src/models/layers/index.js";
import { tf } from "../../../src/tensor/tensor.js";

import { useEngine } from "../../support/engine.js";
import { expectClose } from "../../support/tensors.js";
import { evaluating } from "../perceptron.js";
import { connect, plan } from "./plan.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

describe("the reshape", () => {
  it("keeps the row-major order within each example", () => {
    const layer = connect(plan(reshape, { shape: [3, 2] }), [2, 3]);
    const expected = [
      [
        [0, 1],
        [2, 3],
        [4, 5],
      ],
      [
        [6, 7],
        [8, 9],
        [10, 11],
      ],
    ];
    expectClose(layer(tf.reshape(tf.range(0, 12), [2, 2, 3]), evaluating(engine)), expected);
  });
  it("needs as many numbers", () =>
    expect(() => plan(reshape, { shape: [3, 2] }).shape([7])).toThrow(
      "cannot become [3, 2], which has 6 values, not 7",
    ));
});
