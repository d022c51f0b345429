import { beforeAll, describe, expect, it } from "vitest";
import { discretizedLogistic } from "../../../src/models/likelihoods/index.js";
import type { FieldSchema, Support } from "../../../src/tensor/fields.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import fixtures from "../../fixtures/likelihoods.json" with { type: "json" };
import { calling } from "../../support/calls.js";
import { build, initialBindings } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, tensorOf } from "../../support/tensors.js";

beforeAll(async () => {
  await useEngine();
});
const gray = (columns: number, support: Support = "unit"): FieldSchema => ({
  kind: "vector",
  shape: [columns],
  support,
});

describe("the discretized logistic likelihood", () => {
  it("sums the masses of SciPy's logistic distribution over elements, with a scale that is learned unless told otherwise", () => {
    const { parameters, values, logProb } = fixtures.discretizedLogistic[0]!;
    const [location, logScale] = parameters as [number, number];
    const store = new ParameterStore();
    const context = { field: gray(values.length), parameters: store.scope("likelihood") };
    const made = build(discretizedLogistic, { scale: Math.exp(logScale) }, context);
    expect(store.parameters.map(({ name }) => name)).toEqual(["likelihood/log-scale"]);
    const decoded = tensorOf([values.map(() => location)]);
    const sum = logProb.reduce((total, each) => total + each, 0);
    const p = () => made.at(decoded, calling()).logProb(tensorOf(values));
    expectClose(store.bind(initialBindings(store), p), [sum], 2e-6);
  });

  it("takes gray levels alone", () => {
    const fields = { type: "discretized-logistic", scale: 0.1, learn: "shared", floor: 0.001 };
    const refusal = (field: FieldSchema) => discretizedLogistic.refuses?.(fields, field);
    expect(refusal(gray(2))).toBeUndefined();
    expect(refusal(gray(2, "real"))).toBe(
      'a discretized logistic needs gray levels in [0, 1], but the field has support "real": use the gaussian likelihood',
    );
    expect(refusal({ ...gray(2), levels: 256 })).toContain("these are dequantized");
    expect(discretizedLogistic.refuses?.({ ...fields, floor: 0.2 }, gray(2))).toContain("with the floor 0.2");
  });
});
