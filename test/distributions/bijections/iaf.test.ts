import { expect, it } from "vitest";
import { iaf } from "../../../src/distributions/bijections/index.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, tensorOf } from "../../support/tensors.js";

it("mixes each value with a function of those before it, by a gate", async () => {
  await useEngine();
  const store = new ParameterStore();
  const bijection = build(iaf, { hidden: [] }, { shape: [2], parameters: store.scope("f") });
  // Gates sigmoid(-2 + 2) = 1/2 and sigmoid(ln 3) = 3/4; m_1 = 3 and m_2 = 2 x_1. Masked weights are 7.
  const bindings = {
    "f/shift/weights": tensorOf([
      [7, 2],
      [7, 7],
    ]),
    "f/shift/bias": tensorOf([3, 0]),
    "f/scale/weights": tensorOf([
      [7, 0],
      [7, 7],
    ]),
    "f/scale/bias": tensorOf([-2, Math.log(3) - 2]),
  };
  const { forward, inverse } = store.bind(bindings, () => bijection.at({ call: calling() }));
  const { value, logDet } = forward(tensorOf([[1, 8]]));
  // (1/2 + 3/2, 6 + 2/4), reversed.
  expectClose(value, [[6.5, 2]]);
  expectClose(logDet, [Math.log(3 / 8)]);
  expect(inverse).toBeDefined();
  expectClose(inverse!(value).value, [[1, 8]]);
});
