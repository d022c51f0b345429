import { beforeAll, describe, expect, it } from "vitest";
import { gaussian } from "../../../src/models/likelihoods/index.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { type Tensor, tf } from "../../../src/tensor/tensor.js";
import { calling } from "../../support/calls.js";
import { build, initialBindings, parameterGradients } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, expectGradient, tensorOf, valuesOf } from "../../support/tensors.js";

beforeAll(async () => {
  await useEngine();
});
const field = { kind: "vector", shape: [2], support: "real" } as const;
const means = [
  [0, 1],
  [2, -1],
];
const values = [
  [0.5, 1],
  [0, 2],
];
/** Squared errors by example .25, 13; by column 4.25 / 2, 9 / 2; of all 13.25 / 4. */
const of = (fields: object) => {
  const store = new ParameterStore();
  const likelihood = build(gaussian, { ...fields }, { field, parameters: store.scope("likelihood") });
  const logProb = (): Tensor => likelihood.at(tensorOf(means), calling()).logProb(tensorOf(values));
  return { store, likelihood, logProb };
};

describe("the Gaussian likelihood", () => {
  it("with a fixed scale is the squared error over 2 s^2, with its constant", () => {
    const { store, likelihood, logProb } = of({ scale: 0.5 });
    expect([likelihood.outputs, store.parameters]).toEqual([[2], []]);
    const constant = Math.log(2 * Math.PI * 0.25);
    expectClose(logProb(), [-0.25 / 0.5 - constant, -13 / 0.5 - constant]);
    expectClose(likelihood.at(tensorOf(means), calling()).mean!(), means);
  });

  it("has scale 1 unless told otherwise", () => {
    expectClose(of({}).logProb(), [-0.125 - Math.log(2 * Math.PI), -6.5 - Math.log(2 * Math.PI)]);
  });

  it("with a learned scale is best at the root mean squared error, where the NLL is D/2 (ln 2 pi s^2 + 1)", () => {
    const { store, logProb } = of({ learn: "shared", scale: Math.sqrt(13.25 / 4), floor: 0.2 });
    const bindings = initialBindings(store);
    const gradients = parameterGradients(store, bindings, () => tf.mean(logProb()));
    expect(store.parameters.map(({ name, shape }) => [name, shape])).toEqual([["likelihood/log-scale", []]]);
    expect(Math.abs(valuesOf(gradients["likelihood/log-scale"]!)[0]!)).toBeLessThan(1e-5);
    const entropy = Math.log((2 * Math.PI * 13.25) / 4) + 1;
    expectClose(tf.mean(store.bind(bindings, logProb)), -entropy, 1e-6);
  });

  it("with a scale for each element is best at the root mean squared error of each", () => {
    const { store, logProb } = of({ learn: "element" });
    const [a, b] = [Math.sqrt(4.25 / 2), Math.sqrt(9 / 2)];
    const bindings = { "likelihood/log-scale": tensorOf([Math.log(a - 1e-3), Math.log(b - 1e-3)]) };
    expectClose(parameterGradients(store, bindings, () => tf.mean(logProb()))["likelihood/log-scale"]!, [0, 0], 1e-5);
    expectClose(tf.mean(store.bind(bindings, logProb)), -Math.log(2 * Math.PI * a * b) - 1, 1e-6);
  });

  it("stays above its floor, and finds its way back from it", () => {
    const { store, likelihood, logProb } = of({ learn: "shared", floor: 0.1 });
    const bindings = { "likelihood/log-scale": tf.scalar(-20) };
    const density = store.bind(bindings, () => likelihood.at(tensorOf([0, 0]), calling()).logProb(tensorOf([0, 0])));
    expectClose(density, -Math.log(2 * Math.PI * 0.01), 1e-5);
    const { "likelihood/log-scale": slope } = parameterGradients(store, bindings, () => tf.mean(logProb()));
    expect(valuesOf(slope!)[0]).toBeGreaterThan(0);
  });

  it("with a predicted scale has one for each element, which is the given one at 0 and never below the floor", () => {
    const { store, likelihood } = of({ learn: "predicted", scale: 0.5, floor: 0.1 });
    expect([likelihood.outputs, store.parameters]).toEqual([[4], []]);
    // floor + (scale - floor) softplus(a) / ln 2: softplus(0) = ln 2, softplus(-50) = 2e-22, softplus(ln 3) = ln 4.
    const at = (first: number, second: number) => likelihood.at(tensorOf([[1, -2, first, second]]), calling());
    expectClose(at(0, Math.log(3)).variance!(), [[0.25, 0.81]]);
    expectClose(at(-50, 50).variance!(), [[0.01, (0.1 + (0.4 * 50) / Math.LN2) ** 2]]);
    expectClose(at(0, 0).mean!(), [[1, -2]]);
    // Squared errors 0.25 and 9 at variances 0.25 and 0.81.
    const constants = 2 * Math.log(2 * Math.PI) + Math.log(0.25) + Math.log(0.81);
    expectClose(at(0, Math.log(3)).logProb(tensorOf([1.5, 1])), [-(constants + 1 + 9 / 0.81) / 2]);
    const images = build(
      gaussian,
      { learn: "predicted" },
      { field: { kind: "image", shape: [3, 2, 2], support: "unit" }, parameters: store.scope("image") },
    );
    expect(images.outputs).toEqual([3, 2, 4]);
    expect(images.at(tf.zeros([5, 3, 2, 4]), calling()).eventShape).toEqual([3, 2, 2]);
    expectGradient(
      (decoded) => tf.mean(likelihood.at(decoded, calling()).logProb(tensorOf(values))),
      tensorOf([[0.3, 1, -0.5, 0.7]]),
    );
  });

  it("refuses categories, and a scale that begins below its floor", () => {
    const fields = { type: "gaussian", learn: "shared", scale: 0.001, floor: 0.001 };
    const label = { kind: "label", shape: [], support: "categorical", classes: 3 } as const;
    expect(gaussian.refuses?.(fields, label)).toBe(
      "a Gaussian is not a density over categories: use the categorical or the ordinal likelihood",
    );
    expect(gaussian.refuses?.(fields, field)).toBe(
      'a learned scale cannot start at 0.001 with the floor 0.001: raise "scale" or lower "floor"',
    );
    expect(gaussian.refuses?.({ ...fields, learn: "no" }, field)).toBeUndefined();
    expect(gaussian.refuses?.({ ...fields, scale: 1 }, field)).toBeUndefined();
  });
});
