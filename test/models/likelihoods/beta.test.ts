import { beforeAll, describe, expect, it } from "vitest";
import { beta } from "../../../src/models/likelihoods/index.js";
import type { Support } from "../../../src/tensor/fields.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import fixtures from "../../fixtures/likelihoods.json" with { type: "json" };
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, tensorOf } from "../../support/tensors.js";

beforeAll(async () => {
  await useEngine();
});
const field = (columns: number, support: Support) => ({ kind: "vector", shape: [columns], support }) as const;

describe("the beta likelihood", () => {
  it("sums SciPy's log-densities over elements, at the decoded mean and the fixed concentration, zeros and ones included", () => {
    const { parameters, values, logProb, mean } = fixtures.beta[6]!;
    const [location, log] = parameters as [number, number];
    const store = new ParameterStore();
    const fields = { concentration: Math.exp(log), learn: "no" } as const;
    const context = { field: field(values.length, "unit"), parameters: store.scope("likelihood") };
    const made = build(beta, fields, context);
    expect([made.outputs, store.parameters]).toEqual([[values.length], []]);
    const p = made.at(tensorOf([values.map(() => location)]), calling());
    expectClose(p.logProb(tensorOf(values)), [logProb.reduce((sum, each) => sum + each, 0)], 3e-6);
    expectClose(p.mean!(), [values.map(() => mean)]);
  });

  it("refuses other values with what suits them, and an initial value below the floor", () => {
    const refusal = (support: Support, more = {}) =>
      beta.refuses?.({ type: "beta", concentration: 10, learn: "shared", floor: 0.1, ...more }, field(2, support));
    expect(refusal("unit")).toBeUndefined();
    expect(refusal("real")).toBe(
      'a beta density needs values in [0, 1], but the field has support "real": scale the data, or use the gaussian likelihood',
    );
    expect(refusal("unit", { floor: 20 })).toContain('"concentration"');
  });
});
