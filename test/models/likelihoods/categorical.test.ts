import { beforeAll, describe, expect, it } from "vitest";
import type { Distribution } from "../../../src/contracts/distribution.js";
import type { Engine } from "../../../src/engine/engine.js";
import { categorical } from "../../../src/models/likelihoods/index.js";
import type { FieldSchema } from "../../../src/tensor/fields.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { tf } from "../../../src/tensor/tensor.js";
import fixtures from "../../fixtures/discrete-likelihoods.json" with { type: "json" };
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { expectDrawsFit } from "../../support/densities.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, expectGradient, noiseOf, tensorOf, valuesOf } from "../../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const { logits, logProb, mean, variance } = fixtures.categorical;
const [N, K] = [logits.length, logits[0]!.length];
const rows = Array.from({ length: N }, (_, i) => i);
const codesOf = (elements: number): FieldSchema => ({
  kind: "vector",
  shape: [elements],
  support: "categorical",
  classes: K,
});
const likelihood = (field: FieldSchema) =>
  build(categorical, {}, { field, parameters: new ParameterStore().scope("likelihood") });

describe("the categorical likelihood", () => {
  it("of codes has SciPy's log-probabilities, mean code and variance, and sums over elements", () => {
    const made = likelihood(codesOf(N));
    expect(made.outputs).toEqual([N * K]);
    const p = made.at(tensorOf([logits.flat()]), calling());
    for (let code = 0; code < K; code++)
      expectClose(p.logProbElements!(tensorOf([rows.map(() => code)])), [logProb.map((each) => each[code]!)], 2e-6);
    const one = rows.map((i) => i % K);
    expectClose(p.logProb(tensorOf([one])), [one.reduce((sum, code, i) => sum + logProb[i]![code]!, 0)], 2e-6);
    expectClose(p.mean!(), [mean]);
    expectClose(p.variance!(), [variance]);
  });

  it("of one-hot vectors scores the place of the 1, at each place of a field", () => {
    const field: FieldSchema = { kind: "image", shape: [1, N, K], support: "one-hot" };
    const made = likelihood(field);
    expect(made.outputs).toEqual(field.shape);
    const p = made.at(tensorOf([[logits]]), calling());
    const bits = rows.map((i) => Array.from({ length: K }, (_, k) => Number(k === i % K)));
    expectClose(p.logProb(tensorOf([[bits]])), [rows.reduce((sum, i) => sum + logProb[i]![i % K]!, 0)], 2e-6);
    expectClose(tf.sum(p.logProbElements!(tensorOf([[bits]])), -1), [[rows.map((i) => logProb[i]![i % K]!)]], 2e-6);
    expectClose(p.mean!(), [[logProb.map((each) => each.map(Math.exp))]]);
  });

  it("of a table's columns normalizes each column by itself, also one of a single category", () => {
    const widths = [3, 1, 2];
    const columns = widths.map((width, i) => ({ name: `c${i}`, kind: "categorical" as const, width }));
    const p = likelihood({ kind: "vector", shape: [6], support: "one-hot", columns }).at(
      tensorOf([[1, 0, 0, -7, 0, 2]]),
      calling(),
    );
    const [a, b] = [Math.E / (Math.E + 2), 1 / (1 + Math.exp(2))];
    const [other] = [(1 - a) / 2];
    expectClose(p.mean!(), [[a, other, other, 1, b, 1 - b]]);
    // A masked column counts nothing.
    expectClose(p.logProbElements!(tensorOf([[0, 1, 0, 1, 0, 0]])), [[0, Math.log(other), 0, 0, 0, 0]]);
    const drawn = tf.sum(tf.reshape(p.sample(noiseOf(engine), "x", [4000]), [4000, 6]), 0);
    expect(valuesOf(tf.sum(tf.split(drawn, widths)[0]!))).toEqual([4000]);
    valuesOf(tf.div(drawn, 4000)).forEach((frequency, i) => {
      const probability = [a, other, other, 1, b, 1 - b][i]!;
      expect(Math.abs(frequency - probability)).toBeLessThan(
        5 * Math.sqrt((probability * (1 - probability)) / 4000) + 1e-9,
      );
    });
  });

  it("draws codes by their probabilities, and has gradients that differences confirm", () => {
    const of = (l: ReturnType<typeof tensorOf>): Distribution => likelihood(codesOf(1)).at(l, calling());
    for (const i of [0, 3]) expectDrawsFit(engine, of(tensorOf(logits[i]!)));
    expectGradient((l) => of(l).logProb(tensorOf([2])), tensorOf([0.3, -1, 0.5, 1.2]));
  });

  it("refuses numbers with what suits them", () => {
    const refusal = (support: FieldSchema["support"]) =>
      categorical.refuses?.({ type: "categorical" }, { ...codesOf(2), support });
    expect([refusal("categorical"), refusal("one-hot")]).toEqual([undefined, undefined]);
    expect(refusal("real")).toBe(
      'a categorical likelihood needs categories, as codes or one-hot, but the field has support "real": use the gaussian likelihood',
    );
  });
});
