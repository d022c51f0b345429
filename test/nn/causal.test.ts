/** A masked network over categories: its logits see what comes before, and nothing else. */
import { beforeAll, describe, expect, it } from "vitest";
import { type CausalLogits, causalNetwork } from "../../src/nn/index.js";
import { ParameterStore } from "../../src/tensor/parameters.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import { movedBindings } from "../../src/testing/values.js";
import { useEngine } from "../support/engine.js";
import { expectClose, tensorOf, valuesOf } from "../support/tensors.js";

beforeAll(async () => {
  await useEngine();
});
const [L, K] = [4, 3];
const networkOf = (conditions: Record<string, number[]> = {}, values: Record<string, Tensor> = {}): CausalLogits => {
  const store = new ParameterStore();
  const options = { hidden: [9, 8], activation: "tanh", categories: K, variables: L, conditions } as const;
  const network = causalNetwork(store.scope("net"), options);
  return store.bind(movedBindings(store), () => network(values));
};
/** One-hot rows. */
const codesOf = (codes: readonly (readonly number[])[]): Tensor =>
  tensorOf(codes.map((row) => row.map((code) => Array.from({ length: K }, (_, k) => Number(k === code)))));
const logitsAt = (network: CausalLogits, codes: readonly number[]): number[][] =>
  (network.all(codesOf([codes])).arraySync() as number[][][])[0]!;

describe("a causal network", () => {
  it("has logits that change with the codes before them, and not with their own or later ones", () => {
    const network = networkOf();
    const start = [0, 1, 2, 1];
    const before = logitsAt(network, start);
    for (let changed = 0; changed < L; changed++) {
      const after = logitsAt(network, start.with(changed, (start[changed]! + 1) % K));
      for (let l = 0; l < L; l++)
        if (l <= changed) expect(after[l]).toEqual(before[l]);
        else expect(after[l]).not.toEqual(before[l]);
    }
  });

  it("gives the logits of the next code, one at a time, as it does all at once", () => {
    const network = networkOf();
    const codes = codesOf([
      [0, 1, 2, 1],
      [2, 2, 0, 1],
    ]);
    const all = network.all(codes);
    expectClose(network.next(undefined), valuesOf(tf.slice(all, [0, 0, 0], [1, 1, K])), 1e-5);
    for (let l = 1; l < L; l++)
      expectClose(
        network.next(tf.slice(codes, [0, 0, 0], [2, l, K])),
        tf.squeeze(tf.slice(all, [0, l, 0], [2, 1, K]), [1]).arraySync() as number[][],
        1e-5,
      );
  });

  it("sees what it is conditioned on from the first code on, with the axes of that", () => {
    const values = { a: tensorOf([[[1], [2]]]), b: tensorOf([[[[0, 1]], [[1, 0]]]]) };
    const network = networkOf({ a: [1], b: [1, 2] }, values);
    expect(network.batchShape).toEqual([1, 2]);
    const first = network.next(undefined);
    expect(first.shape).toEqual([1, 2, K]);
    const [one, two] = (first.arraySync() as number[][][])[0]!;
    expect(one).not.toEqual(two);
    expect(network.all(tf.zeros([5, 1, 2, L, K])).shape).toEqual([5, 1, 2, L, K]);
  });
});
