import { beforeAll, describe, expect, it } from "vitest";
import { continuousBernoulli } from "../../../src/models/likelihoods/index.js";
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
const gray = (columns: number, support: Support = "unit") => ({ kind: "vector", shape: [columns], support }) as const;

describe("the continuous Bernoulli likelihood", () => {
  it("sums the log-densities of SciPy's truncated exponential, one logit a pixel", () => {
    const all = fixtures.continuousBernoulli;
    const store = new ParameterStore();
    const made = build(continuousBernoulli, {}, { field: gray(all.length), parameters: store.scope("likelihood") });
    expect([made.outputs, store.parameters]).toEqual([[all.length], []]);
    const p = made.at(tensorOf([all.map(({ parameters }) => parameters[0]!)]), calling());
    const third = tensorOf(all.map(({ values }) => values[2]!));
    expectClose(p.logProb(third), [all.reduce((sum, { logProb }) => sum + logProb[2]!, 0)], 1e-6);
    expectClose(p.mean!(), [all.map(({ mean }) => mean)], 1e-6);
  });

  it("takes gray values alone", () => {
    const refusal = (support: Support) =>
      continuousBernoulli.refuses?.({ type: "continuous-bernoulli" }, gray(2, support));
    expect(refusal("unit")).toBeUndefined();
    expect(refusal("binary")).toContain("use the bernoulli likelihood");
    expect(refusal("real")).toBe(
      'a continuous Bernoulli needs values in [0, 1], but the field has support "real": scale the data, or use the gaussian likelihood',
    );
    expect(refusal("count")).toContain('"count"');
  });
});
