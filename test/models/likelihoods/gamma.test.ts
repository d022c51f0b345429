import { beforeAll, describe, expect, it } from "vitest";
import { gamma } from "../../../src/models/likelihoods/index.js";
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

describe("the gamma likelihood", () => {
  it("sums SciPy's log-densities over elements, at the decoded mean and the fixed concentration", () => {
    const { parameters, values, logProb, mean } = fixtures.gamma[8]!;
    const [location, log] = parameters as [number, number];
    const store = new ParameterStore();
    const fields = { concentration: Math.exp(log), learn: "no" } as const;
    const context = { field: field(values.length, "positive"), parameters: store.scope("likelihood") };
    const made = build(gamma, fields, context);
    expect([made.outputs, store.parameters]).toEqual([[values.length], []]);
    const p = made.at(tensorOf([values.map(() => location)]), calling());
    expectClose(p.logProb(tensorOf(values)), [logProb.reduce((sum, each) => sum + each, 0)], 3e-6);
    expectClose(p.mean!(), [values.map(() => mean)]);
  });

  it("refuses other values with what suits them, and an initial value below the floor", () => {
    const refusal = (support: Support, more = {}) =>
      gamma.refuses?.({ type: "gamma", concentration: 1, learn: "shared", floor: 0.1, ...more }, field(2, support));
    expect(refusal("positive")).toBeUndefined();
    expect(refusal("real")).toBe(
      'a gamma density needs values above 0, but the field has support "real": use the gaussian likelihood',
    );
    expect(refusal("positive", { floor: 2 })).toBe(
      'a learned concentration cannot start at 1 with the floor 2: raise "concentration" or lower "floor"',
    );
  });
});
