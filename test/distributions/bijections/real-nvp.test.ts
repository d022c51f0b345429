import { expect, it } from "vitest";
import { realNvp } from "../../../src/distributions/bijections/index.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, tensorOf } from "../../support/tensors.js";

it("scales and shifts one half by functions of the other", async () => {
  await useEngine();
  const store = new ParameterStore();
  const bijection = build(realNvp, { couplings: 1, hidden: [] }, { shape: [2], parameters: store.scope("f") });
  // t_1 = 2 x_2 + 1 and s_1 = tanh(x_2 / 2); what would move x_2, or depend on x_1, has no effect.
  const bindings = {
    "f/coupling-0/shift/weights": tensorOf([
      [7, 7],
      [2, 7],
    ]),
    "f/coupling-0/shift/bias": tensorOf([1, 7]),
    "f/coupling-0/scale/weights": tensorOf([
      [7, 7],
      [0.5, 7],
    ]),
    "f/coupling-0/scale/bias": tensorOf([0, 7]),
  };
  const { forward, inverse } = store.bind(bindings, () => bijection.at({ call: calling() }));
  const s = Math.tanh(0.5);
  const { value, logDet } = forward(tensorOf([[-2, 1]]));
  expectClose(value, [[-2 * Math.exp(s) + 3, 1]]);
  expectClose(logDet, [s]);
  expect(inverse).toBeDefined();
  expectClose(inverse!(value).value, [[-2, 1]]);
});
