import { beforeAll, describe, expect, it } from "vitest";
import { zeroInflatedNegativeBinomial } from "../../../src/models/likelihoods/index.js";
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

describe("the zero-inflated negative binomial likelihood", () => {
  it("sums SciPy's log-probabilities over elements, at the decoded means and probabilities of a zero", () => {
    const { parameters, values, logProb, mean } = fixtures.zeroInflated[1]!;
    const [logMean, log, logit] = parameters as [number, number, number];
    const fields = { inverseDispersion: Math.exp(log), learn: "no" } as const;
    const context = { field: field(values.length), parameters: new ParameterStore().scope("likelihood") };
    const made = build(zeroInflatedNegativeBinomial, fields, context);
    expect(made.outputs).toEqual([2 * values.length]);
    const p = made.at(tensorOf([[...values.map(() => logMean), ...values.map(() => logit)]]), calling());
    expectClose(p.logProb(tensorOf(values)), [logProb.reduce((sum, each) => sum + each, 0)], 1e-5);
    expectClose(p.mean!(), [values.map(() => mean)]);
  });

  it("refuses other values with what suits them", () => {
    const fields = { type: "zero-inflated-negative-binomial", inverseDispersion: 1, learn: "element", floor: 0.001 };
    const refusal = (support: Support) => zeroInflatedNegativeBinomial.refuses?.(fields, field(2, { support }));
    expect(refusal("count")).toBeUndefined();
    expect(refusal("unit")).toContain("a zero-inflated negative binomial needs counts");
  });
});
