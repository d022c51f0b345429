import { beforeAll, describe, expect, it } from "vitest";
import { Autoregressive } from "../../src/distributions/autoregressive.js";
import type { Engine } from "../../src/engine/engine.js";
import { causalNetwork } from "../../src/nn/index.js";
import { ParameterStore } from "../../src/tensor/parameters.js";
import { type Scalar, type Tensor, tf } from "../../src/tensor/tensor.js";
import fixtures from "../fixtures/discrete-latents.json" with { type: "json" };
import { useEngine } from "../support/engine.js";
import { expectClose, expectGradient, noiseOf, tensorOf, valuesOf } from "../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const { variables, categories, hidden, codes, conditions, parameters, logProb } = fixtures.autoregressive;

/** That of the fixture. @param given [..., 2] */
const distribution = (given: Tensor, changes: Record<string, Tensor> = {}): Autoregressive => {
  const store = new ParameterStore();
  const options = { hidden, activation: "relu", categories, variables, conditions: { c: [2] } } as const;
  const network = causalNetwork(store.scope(""), options);
  const bindings = Object.fromEntries(Object.entries(parameters).map(([name, values]) => [name, tensorOf(values)]));
  return new Autoregressive(
    store.bind({ ...bindings, ...changes }, () => network({ c: given })),
    [2, 2, categories],
  );
};
const oneHot = (rows: readonly (readonly number[])[]): Tensor =>
  tf.cast(tf.oneHot(tf.tensor2d(rows as number[][], [rows.length, variables], "int32"), categories), "float32");
const shaped = (rows: readonly (readonly number[])[]): Tensor =>
  tf.reshape(oneHot(rows), [rows.length, 2, 2, categories]);
const every: number[][] = Array.from({ length: categories ** variables }, (_, i) =>
  Array.from({ length: variables }, (_, l) => Math.floor(i / categories ** l) % categories),
);

describe("an autoregressive distribution over codes", () => {
  it("has the log-probabilities of a network that PyTorch evaluates unit by unit", () => {
    const p = distribution(tensorOf(conditions));
    expect([p.batchShape, p.eventShape]).toEqual([[6], [2, 2, categories]]);
    expectClose(p.logProb(shaped(codes)), logProb, 1e-5);
  });

  it("has probabilities that sum to 1", () => {
    const given = tensorOf(every.map(() => [0.3, -0.7]));
    const total = tf.sum(tf.exp(distribution(given).logProb(shaped(every))));
    expect(valuesOf(total)[0]).toBeCloseTo(1, 5);
  });

  it("draws each value as often as it says", () => {
    const n = 20_000;
    const p = distribution(tensorOf([0.3, -0.7]));
    const { value, logProb: scored } = p.sampleAndLogProb(noiseOf(engine), "z", [n]);
    expect([value.shape, scored.shape]).toEqual([[n, 2, 2, categories], [n]]);
    const drawn = valuesOf(tf.argMax(tf.reshape(value, [n, variables, categories]), -1));
    const counts = new Map<string, number>();
    for (let i = 0; i < n; i++) {
      const key = drawn.slice(i * variables, (i + 1) * variables).join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const probabilities = valuesOf(tf.exp(p.logProb(shaped(every))));
    for (const [i, row] of every.entries()) {
      const frequency = (counts.get(row.join()) ?? 0) / n;
      const expected = probabilities[i]!;
      expect(Math.abs(frequency - expected)).toBeLessThan(5 * Math.sqrt((expected * (1 - expected)) / n) + 1e-5);
    }
  });

  it("has gradients in its parameters and conditions that differences confirm", () => {
    const value = shaped(codes);
    const at = (changes: Record<string, Tensor>, given = tensorOf(conditions)): Scalar =>
      tf.mean(distribution(given, changes).logProb(value));
    for (const name of ["logits/bias", "dense-1/weights", "dense-0/bias"] as const)
      expectGradient((x) => at({ [name]: x }), tensorOf(parameters[name]), 5e-3);
    expectGradient((x) => at({}, x), tensorOf(conditions), 5e-3);
  });

  it("enumerates one variable alone", () => {
    const store = new ParameterStore();
    const options = { hidden: [4], activation: "relu", categories: 3, variables: 1, conditions: {} } as const;
    const network = causalNetwork(store.scope(""), options);
    const bindings = Object.fromEntries(store.parameters.map(({ name, shape }) => [name, tf.ones([...shape])]));
    const one = new Autoregressive(
      store.bind(bindings, () => network({})),
      [3],
    );
    expectClose(one.enumerate!(), [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
    expect(distribution(tensorOf([0, 0])).enumerate).toBeUndefined();
  });
});
