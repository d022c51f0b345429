import { beforeAll, describe, expect, it } from "vitest";
import type { Transform } from "../../../src/contracts/bijection.js";
import { radial } from "../../../src/distributions/bijections/index.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, type Numbers, tensorOf, valuesOf } from "../../support/tensors.js";

beforeAll(async () => {
  await useEngine();
});

const flow = (values: { alpha: number; beta: number; center: Numbers }): Transform => {
  const store = new ParameterStore();
  const made = build(radial, {}, { shape: [2], parameters: store.scope("f") });
  const inverseSoftplus = (x: number): Numbers => [Math.log(Math.expm1(x))];
  const bindings = {
    "f/alpha/bias": tensorOf(inverseSoftplus(values.alpha)),
    "f/beta/bias": tensorOf(inverseSoftplus(values.alpha + values.beta)),
    "f/center/bias": tensorOf(values.center),
  };
  return store.bind(bindings, () => made.at({ call: calling() }));
};

describe("the radial flow", () => {
  it("moves a point at distance 5 by a sixth, for alpha = beta = 1", () => {
    const { value, logDet } = flow({ alpha: 1, beta: 1, center: [1, 0] }).forward(tensorOf([[4, 4]]));
    expectClose(value, [[1 + 3.5, 4 + 4 / 6]]);
    // Tangentially 7/6; radially d/dr [r + r / (1 + r)] = 1 + 1/36.
    expectClose(logDet, [Math.log(7 / 6) + Math.log(37 / 36)]);
  });

  it("inverts a strong contraction, where the quadratic formula cancels", () => {
    const { forward, inverse } = flow({ alpha: 3, beta: -2.9, center: [0, 0] });
    const x = [
      [1e-3, 0],
      [0.5, -1],
      [40, 30],
    ];
    const there = forward(tensorOf(x)).value;
    const back = valuesOf(inverse!(there).value);
    // To the fourth digit, relative to the size of each point.
    x.flat().forEach((value, i) => {
      expect(Math.abs(back[i]! - value)).toBeLessThan(1e-4 * Math.hypot(...x[Math.floor(i / 2)]!));
    });
  });
});
