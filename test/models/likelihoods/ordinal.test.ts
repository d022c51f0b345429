import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { ordinal } from "../../../src/models/likelihoods/index.js";
import type { FieldSchema } from "../../../src/tensor/fields.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { type Tensor, tf } from "../../../src/tensor/tensor.js";
import fixtures from "../../fixtures/discrete-likelihoods.json" with { type: "json" };
import { calling } from "../../support/calls.js";
import { build, initialBindings } from "../../support/components.js";
import { expectDrawsFit } from "../../support/densities.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, expectGradient, tensorOf, valuesOf } from "../../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const { thresholds, locations, logProb, mean } = fixtures.ordinal;
const K = thresholds.length + 1;
const field = (elements: number, classes = K): FieldSchema => ({
  kind: "vector",
  shape: [elements],
  support: "categorical",
  classes,
});
const FIRST = "likelihood/first-threshold";
const WIDTHS = "likelihood/threshold-widths";
const made = (schema: FieldSchema, fields: { thresholds?: "shared" | "element" } = {}) => {
  const store = new ParameterStore();
  const likelihood = build(ordinal, fields, { field: schema, parameters: store.scope("likelihood") });
  const at = (bindings: Record<string, Tensor>, location: Tensor) =>
    store.bind(bindings, () => likelihood.at(location, calling()));
  return { likelihood, store, at };
};
/** What the widths between these thresholds come from. */
const excess = thresholds.slice(1).map((t, i) => Math.log(Math.expm1(t - thresholds[i]!)));
const given = { [FIRST]: [thresholds[0]!], [WIDTHS]: excess };

describe("the ordinal likelihood", () => {
  it("has the differences of SciPy's logistic distribution at its thresholds, far away too", () => {
    const { likelihood, at } = made(field(locations.length));
    expect(likelihood.outputs).toEqual([locations.length]);
    const p = at({ [FIRST]: tensorOf(given[FIRST]!), [WIDTHS]: tensorOf(excess) }, tensorOf([locations]));
    for (let code = 0; code < K; code++)
      expectClose(
        p.logProbElements!(tensorOf([locations.map(() => code)])),
        [logProb.map((each) => each[code]!)],
        1e-5,
      );
    expectClose(p.mean!(), [mean]);
  });

  it("starts with equal probabilities at location 0, with thresholds shared or of each element's own", () => {
    for (const own of ["shared", "element"] as const) {
      const { store, at } = made(field(3), { thresholds: own });
      expect(store.parameters.map(({ name, shape }) => [name, shape])).toEqual(
        own === "shared"
          ? [
              [FIRST, [1]],
              [WIDTHS, [K - 2]],
            ]
          : [
              [FIRST, [3, 1]],
              [WIDTHS, [3, K - 2]],
            ],
      );
      const p = at(initialBindings(store), tf.zeros([1, 3]));
      for (let code = 0; code < K; code++)
        expectClose(p.logProbElements!(tf.fill([1, 3], code)), [[0, 0, 0].map(() => -Math.log(K))]);
    }
  });

  it("is a Bernoulli of two categories", () => {
    const { store, at } = made(field(1, 2));
    expect(store.parameters.map(({ name }) => name)).toEqual([FIRST]);
    const p = at({ [FIRST]: tensorOf([0.5]) }, tensorOf([2]));
    expectClose(tf.exp(p.logProb(tensorOf([1]))), 1 / (1 + Math.exp(-1.5)));
  });

  it("draws by its probabilities, and has gradients in location and thresholds that differences confirm", () => {
    const { at } = made(field(1));
    const bindings = { [FIRST]: tensorOf(given[FIRST]!), [WIDTHS]: tensorOf(excess) };
    const p = at(bindings, tensorOf([0.3]));
    expectDrawsFit(engine, p);
    for (const code of [0, 2, K - 1]) {
      const score = (more: Record<string, Tensor>, m: Tensor) =>
        at({ ...bindings, ...more }, m).logProb(tensorOf([code]));
      expectGradient((m) => score({}, m), tensorOf([0.3]));
      expectGradient((t) => score({ [FIRST]: t }, tensorOf([0.3])), bindings[FIRST]!);
      expectGradient((w) => score({ [WIDTHS]: w }, tensorOf([0.3])), bindings[WIDTHS]!);
    }
  });

  it("keeps finite where two thresholds meet", () => {
    const { at } = made(field(1));
    const p = at({ [FIRST]: tensorOf([0]), [WIDTHS]: tensorOf([-200, 1, 1]) }, tensorOf([0.3]));
    expect(valuesOf(p.logProb(tensorOf([[0], [1], [2]]))).every(Number.isFinite)).toBe(true);
  });

  it("refuses one-hot vectors and numbers with what suits them", () => {
    const refusal = (support: FieldSchema["support"]) =>
      ordinal.refuses?.({ type: "ordinal" }, { ...field(2), support });
    expect(refusal("categorical")).toBeUndefined();
    expect(refusal("one-hot")).toBe(
      'an ordinal likelihood needs ordered categories as codes, but the field has support "one-hot": use the categorical likelihood',
    );
    expect(refusal("count")).toContain('"count"');
  });
});
