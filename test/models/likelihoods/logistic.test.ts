import { beforeAll, describe, expect, it } from "vitest";
import { logistic } from "../../../src/models/likelihoods/index.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import fixtures from "../../fixtures/likelihoods.json" with { type: "json" };
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, tensorOf } from "../../support/tensors.js";

beforeAll(async () => {
  await useEngine();
});
const field = (columns: number) => ({ kind: "vector", shape: [columns], support: "real" }) as const;

describe("the logistic likelihood", () => {
  it("sums SciPy's log-densities over elements, at the decoded location and the fixed scale", () => {
    const { parameters, values, logProb, mean } = fixtures.logistic[1]!;
    const [location, logScale] = parameters as [number, number];
    const store = new ParameterStore();
    const fields = { scale: Math.exp(logScale) };
    const made = build(logistic, fields, { field: field(values.length), parameters: store.scope("likelihood") });
    expect([made.outputs, store.parameters]).toEqual([[values.length], []]);
    const p = made.at(tensorOf([values.map(() => location)]), calling());
    expectClose(p.logProb(tensorOf(values)), [logProb.reduce((sum, each) => sum + each, 0)], 2e-6);
    expectClose(p.mean!(), [values.map(() => mean)]);
  });

  it("refuses categories, and a learned scale that begins below its floor", () => {
    const fields = { type: "logistic", scale: 1, learn: "no", floor: 0.001 };
    const label = { kind: "label", shape: [], support: "categorical", classes: 3 } as const;
    expect(logistic.refuses?.(fields, label)).toBe(
      "a logistic density is not a density over categories: use the categorical or the ordinal likelihood",
    );
    expect(logistic.refuses?.(fields, field(2))).toBeUndefined();
    expect(logistic.refuses?.({ ...fields, learn: "predicted", floor: 2 }, field(2))).toBe(
      'a learned scale cannot start at 1 with the floor 2: raise "scale" or lower "floor"',
    );
  });
});
