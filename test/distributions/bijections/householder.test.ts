import { expect, it } from "vitest";
import { householder } from "../../../src/distributions/bijections/index.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, tensorOf } from "../../support/tensors.js";

it("reflects at the plane orthogonal to v, whose length does not matter", async () => {
  await useEngine();
  const store = new ParameterStore();
  const bijection = build(householder, {}, { shape: [2], features: [1], parameters: store.scope("f") });
  // v = (h, 3 - 2h): (1, 1) where the feature h is 1, and (0, 3) where it is 0.
  const bindings = { "f/v/weights": tensorOf([[1, -2]]), "f/v/bias": tensorOf([0, 3]) };
  const { forward, inverse } = store.bind(bindings, () =>
    bijection.at({ call: calling(), features: tensorOf([[1], [0]]) }),
  );
  const x = tensorOf([
    [2, 5],
    [2, 5],
  ]);
  const { value, logDet } = forward(x);
  // At (1, 1) / sqrt 2 the coordinates change places and signs.
  expectClose(value, [
    [-5, -2],
    [2, -5],
  ]);
  expectClose(logDet, 0);
  expect(inverse).toBeDefined();
  expectClose(inverse!(value).value, [
    [2, 5],
    [2, 5],
  ]);
});
