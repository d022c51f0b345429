import { beforeAll, describe, expect, it } from "vitest";
import { poisson } from "../../../src/models/likelihoods/index.js";
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

describe("the Poisson likelihood", () => {
  it("sums SciPy's log-probabilities over elements, at exp of the decoded values", () => {
    const { parameters, values, logProb, mean } = fixtures.poisson[2]!;
    const context = { field: field(values.length), parameters: new ParameterStore().scope("likelihood") };
    const made = build(poisson, {}, context);
    expect(made.outputs).toEqual([values.length]);
    const p = made.at(tensorOf([values.map(() => parameters[0]!)]), calling());
    expectClose(p.logProb(tensorOf(values)), [logProb.reduce((sum, each) => sum + each, 0)], 3e-6);
    expectClose(p.mean!(), [values.map(() => mean)]);
  });

  it("refuses other values with what suits them", () => {
    const refusal = (support: Support) => poisson.refuses?.({ type: "poisson" }, field(2, { support }));
    expect(refusal("count")).toBeUndefined();
    expect(refusal("real")).toBe(
      'a Poisson needs counts, but the field has support "real": use the gaussian likelihood',
    );
    expect(refusal("categorical")).toContain("use the categorical or the ordinal likelihood");
  });
});
