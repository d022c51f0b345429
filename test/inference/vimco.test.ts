import { beforeAll, expect, test } from "vitest";
import { vimcoSignals } from "../../src/inference/vimco.js";
import { tf } from "../../src/tensor/tensor.js";
import { useEngine } from "../support/engine.js";
import { expectClose, tensorOf } from "../support/tensors.js";

beforeAll(async () => {
  await useEngine();
});

/** By the definition, in float64. */
const signalsOf = (logWeights: readonly number[]): number[] => {
  const bound = (values: readonly number[]): number => {
    const most = Math.max(...values);
    return most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0) / values.length);
  };
  return logWeights.map((_, k) => {
    const others = logWeights.filter((_, j) => j !== k);
    const mean = others.reduce((sum, value) => sum + value, 0) / others.length;
    return bound(logWeights) - bound([mean, ...others]);
  });
};

test("a draw's signal is what it adds to the bound beside the geometric mean of the other weights", () => {
  const groups = [
    [-1, 0.5, 2],
    [-700.5, -702, -700],
  ];
  const found = vimcoSignals(tf.reshape(tensorOf(groups), [2, 3, 1]));
  expectClose(
    found,
    groups.map((group) => signalsOf(group).map((signal) => [signal])),
    1e-4,
  );
  expect(signalsOf(groups[0]!)[2]!).toBeGreaterThan(0.5);
});
