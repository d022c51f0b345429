import { beforeAll, expect, it } from "vitest";
import type { FullGaussian } from "../../../src/distributions/index.js";
import { fullGaussian } from "../../../src/models/posteriors/index.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { tf } from "../../../src/tensor/tensor.js";
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, tensorOf } from "../../support/tensors.js";

beforeAll(async () => {
  await useEngine();
});

it("has a linear mean, linear log-scales and a linear lower triangle of the features", () => {
  const store = new ParameterStore();
  const parameters = store.scope("posterior");
  const posterior = build(fullGaussian, {}, { features: { features: [2] }, latent: [3], parameters });
  const weights = (first: number[], second: number[], bias: number[]) => [tensorOf([first, second]), tensorOf(bias)];
  const [[m, mean], [l, logScale], [b, below]] = [
    weights([1, 2, 3], [4, 5, 6], [0.5, 0, -0.5]),
    weights([0, 1, 0], [1, 0, -1], [0, 0, 2]),
    weights([1, 0, 0], [0, 1, 2], [0, 0, 5]),
  ] as const;
  const bindings = {
    "posterior/mean/weights": m!,
    "posterior/mean/bias": mean!,
    "posterior/log-scale/weights": l!,
    "posterior/log-scale/bias": logScale!,
    "posterior/below-diagonal/weights": b!,
    "posterior/below-diagonal/bias": below!,
  };
  expect(store.parameters.map(({ name }) => name)).toEqual(Object.keys(bindings));
  const maps = { features: tensorOf([[1, 2]]) };
  const q = store.bind(bindings, () => posterior.at(maps, { parents: {}, call: calling() })) as FullGaussian;
  expect([q.batchShape, q.eventShape]).toEqual([[1], [3]]);
  expectClose(q.mean(), [[9.5, 12, 14.5]]);
  // Outputs 1, 2 and 9 in some order below the diagonal exp(2, 1, 0).
  const [[top, middle, bottom]] = q.factor().arraySync() as number[][][] as [[number[], number[], number[]]];
  expectClose(tensorOf([top[0]!, middle[1]!, bottom[2]!]), [Math.exp(2), Math.exp(1), 1]);
  expect([top[1], top[2], middle[2]]).toEqual([0, 0, 0]);
  expect([middle[0]!, bottom[0]!, bottom[1]!].toSorted((x, y) => x - y)).toEqual([1, 2, 9]);
});

it("has no triangle over one number", () => {
  const store = new ParameterStore();
  const context = { features: { features: [2] }, latent: [1], parameters: store.scope("q") };
  const posterior = build(fullGaussian, {}, context);
  const bindings = { "q/mean/weights": tf.ones([2, 1]), "q/mean/bias": tf.zeros([1]) };
  const scale = { "q/log-scale/weights": tf.zeros([2, 1]), "q/log-scale/bias": tf.ones([1]) };
  expect(store.parameters.map(({ name }) => name)).toEqual(Object.keys({ ...bindings, ...scale }));
  const maps = { features: tf.ones([4, 2]) };
  const q = store.bind({ ...bindings, ...scale }, () => posterior.at(maps, { parents: {}, call: calling() }));
  expectClose(q.variance!(), Array(4).fill([Math.exp(2)]));
});
