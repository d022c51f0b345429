import { beforeAll, describe, expect, it } from "vitest";
import { betaBinomial } from "../../../src/models/likelihoods/index.js";
import type { FieldSchema } from "../../../src/tensor/fields.js";
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

describe("the beta-binomial likelihood", () => {
  it("sums SciPy's log-probabilities over elements, of gray levels and of codes", () => {
    const { parameters, values, logProb, mean } = fixtures.betaBinomial[6]!;
    const [logit, log] = parameters as [number, number];
    for (const [more, step] of [
      [{ support: "unit" }, 1 / 255],
      [{ support: "categorical", classes: 256 }, 1],
    ] as const) {
      const context = { field: field(values.length, more), parameters: new ParameterStore().scope("likelihood") };
      const made = build(betaBinomial, { concentration: Math.exp(log), learn: "no" } as const, context);
      expect(made.outputs).toEqual([values.length]);
      const p = made.at(tensorOf([values.map(() => logit)]), calling());
      const x = tensorOf(values.map((k) => k * step));
      expectClose(p.logProb(x), [logProb.reduce((sum, each) => sum + each, 0)], 1e-5);
      expectClose(p.mean!(), [values.map(() => mean * step)]);
    }
  });

  it("refuses counts without a maximum, another number of codes, dequantized levels, and a value below the floor", () => {
    const fields = { type: "beta-binomial", n: 255, concentration: 10, learn: "shared", floor: 0.1 };
    const refusal = (more: Partial<FieldSchema>, own = {}) =>
      betaBinomial.refuses?.({ ...fields, ...own }, field(2, more));
    expect(refusal({ support: "unit" })).toBeUndefined();
    expect(refusal({ support: "categorical", classes: 256 })).toBeUndefined();
    expect(refusal({ support: "categorical", classes: 5 })).toBe(
      'codes of 5 categories are counts from 0 to 4: set "n": 4',
    );
    expect(refusal({ support: "count" })).toContain('set "support": "categorical" and "classes": n + 1');
    expect(refusal({ support: "unit", levels: 256 })).toContain("these are dequantized");
    expect(refusal({ support: "real" })).toContain("use the gaussian likelihood");
    expect(refusal({ support: "unit" }, { floor: 20 })).toContain('"concentration"');
  });
});
