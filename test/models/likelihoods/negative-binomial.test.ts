import { beforeAll, describe, expect, it } from "vitest";
import { negativeBinomial } from "../../../src/models/likelihoods/index.js";
import type { FieldSchema, Support } from "../../../src/tensor/fields.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import fixtures from "../../fixtures/discrete-likelihoods.json" with { type: "json" };
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, tensorOf } from "../../support/tensors.js";

beforeAll(async () => {
  await useEngine();
});
const field = (columns: number, more: Partial<FieldSchema> = {}): FieldSchema => ({
  kind: "vector",
  shape: [columns],
  support: "count",
  ...more,
});

describe("the negative binomial likelihood", () => {
  it("sums SciPy's log-probabilities over elements, at the decoded means and the fixed dispersion", () => {
    const { parameters, values, logProb, mean } = fixtures.negativeBinomial[6]!;
    const [logMean, log] = parameters as [number, number];
    const store = new ParameterStore();
    const fields = { inverseDispersion: Math.exp(log), learn: "no" } as const;
    const made = build(negativeBinomial, fields, {
      field: field(values.length),
      parameters: store.scope("likelihood"),
    });
    expect([made.outputs, store.parameters]).toEqual([[values.length], []]);
    const p = made.at(tensorOf([values.map(() => logMean)]), calling());
    expectClose(p.logProb(tensorOf(values)), [logProb.reduce((sum, each) => sum + each, 0)], 3e-6);
    expectClose(p.mean!(), [values.map(() => mean)]);
  });

  it("learns a dispersion for each element by default, which starts as given", () => {
    const store = new ParameterStore();
    build(negativeBinomial, {}, { field: field(3), parameters: store.scope("likelihood") });
    expect(store.parameters.map(({ name, shape }) => [name, shape])).toEqual([
      ["likelihood/log-inverse-dispersion", [3]],
    ]);
  });

  it("refuses other values with what suits them, and an initial value below the floor", () => {
    const fields = { type: "negative-binomial", inverseDispersion: 1, learn: "element", floor: 0.001 };
    const refusal = (support: Support, more = {}) =>
      negativeBinomial.refuses?.({ ...fields, ...more }, field(2, { support }));
    expect(refusal("count")).toBeUndefined();
    expect(refusal("positive")).toBe(
      'a negative binomial needs counts, but the field has support "positive": use the log-normal or the gamma likelihood',
    );
    expect(refusal("count", { floor: 2 })).toContain('raise "inverseDispersion" or lower "floor"');
  });
});
