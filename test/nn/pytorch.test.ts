/** Layers of images and normalizations against PyTorch (test/oracles/layers.py), gradients included. */

import { beforeAll, describe, expect, it } from "vitest";
import type { CallContext } from "../../src/contracts/index.js";
import type { Engine } from "../../src/engine/engine.js";
import { loadEngine } from "../../src/engine/load.js";
import { batchNorm, conv2d, conv2dTranspose, dropout, extentsAlong, groupNorm, upsample } from "../../src/nn/index.js";
import { ParameterStore } from "../../src/tensor/parameters.js";
import { tf } from "../../src/tensor/tensor.js";
import fixtures from "../fixtures/layers.json" with { type: "json" };
import { calling } from "../support/calls.js";
import { useEngine } from "../support/engine.js";
import { noiseOf, valuesOf } from "../support/tensors.js";
import { expectFixture, type LayerFixture, wave } from "../support/waves.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const named = fixtures as Readonly<Record<string, LayerFixture>>;
const inTraining = (step = 0): CallContext => calling(noiseOf(engine, 1, step), true);
const evaluating = (): CallContext => calling(noiseOf(engine));

const WINDOWS = [
  [4, 2],
  [3, 1],
  [3, 2],
  [2, 3],
] as const;

describe.each(WINDOWS)("a window of %i and a stride of %i over 5 x 4", (kernel, stride) => {
  it("convolves as PyTorch does", () =>
    expectFixture(named[`conv2d ${kernel} ${stride}`]!, evaluating(), (parameters) =>
      conv2d(parameters, { inputs: 3, outputs: 2, kernel, stride }),
    ));
  it("comes back to 5 x 4 as PyTorch does", () =>
    expectFixture(named[`conv2d-transpose ${kernel} ${stride}`]!, evaluating(), (parameters) =>
      conv2dTranspose(parameters, [5, 4], { inputs: 2, outputs: 3, kernel, stride }),
    ));
});

describe.each([2, 4])("a normalization of tensors of rank %i", (rank) => {
  it("by the batch moves the running statistics in training", () =>
    expectFixture(named[`batch-norm training ${rank}`]!, inTraining(), (parameters) => batchNorm(parameters, 4)));
  it("by the running statistics elsewhere", () =>
    expectFixture(named[`batch-norm ${rank}`]!, evaluating(), (parameters) => batchNorm(parameters, 4)));
  it.each([1, 2])("by %i groups", (groups) =>
    expectFixture(named[`group-norm ${groups} ${rank}`]!, inTraining(), (parameters) =>
      groupNorm(parameters, 4, groups),
    ),
  );
});

it("upsampling to any extent repeats pixels as PyTorch does", () =>
  expectFixture(named["upsample to 8 7"]!, evaluating(), () => upsample([8, 7])));

describe.each(["cpu", "wasm"] as const)("on the %s engine", (name) => {
  beforeAll(async () => {
    engine = await loadEngine(name);
    return async () => {
      engine = await useEngine();
    };
  });
  it.each(WINDOWS)(
    "convolutions of window %i and stride %i have PyTorch's gradients, and leave nothing behind",
    (kernel, stride) => {
      const before = tf.memory().numDataBuffers;
      tf.engine().startScope();
      expectFixture(named[`conv2d ${kernel} ${stride}`]!, evaluating(), (parameters) =>
        conv2d(parameters, { inputs: 3, outputs: 2, kernel, stride }),
      );
      expectFixture(named[`conv2d-transpose ${kernel} ${stride}`]!, evaluating(), (parameters) =>
        conv2dTranspose(parameters, [5, 4], { inputs: 2, outputs: 3, kernel, stride }),
      );
      tf.engine().endScope();
      expect(tf.memory().numDataBuffers).toBe(before);
    },
  );
});

describe("two calls of a batch normalization in one step", () => {
  it("move its statistics twice, the second from where the first left them", () => {
    const store = new ParameterStore();
    const layer = batchNorm(store.scope(), 1, { momentum: 0.5 });
    const bindings = { scale: tf.ones([1]), shift: tf.zeros([1]), mean: tf.zeros([1]), variance: tf.ones([1]) };
    const { assigned } = store.collectAssignments(() =>
      store.bind(bindings, () => {
        layer(tf.tensor2d([[1], [3]]), inTraining());
        layer(tf.tensor2d([[6], [10]]), inTraining());
      }),
    );
    // Means 2 and 8: (0 / 2 + 2 / 2) / 2 + 8 / 2. Unbiased variances 2 and 8: (1 / 2 + 2 / 2) / 2 + 8 / 2.
    expect(valuesOf(assigned.mean!)).toEqual([4.5]);
    expect(valuesOf(assigned.variance!)).toEqual([4.75]);
  });
});

describe("dropout", () => {
  const layer = dropout(0.3, "dropout/a");
  const x = () => tf.ones([100, 100]);
  it("keeps 7 in 10 in training and scales them to the same expectation, anew at each step and site", () => {
    const dropped = valuesOf(layer(x(), inTraining()));
    const kept = dropped.filter((value) => value !== 0);
    // Five standard errors of 10,000 draws.
    expect(Math.abs(kept.length / 10_000 - 0.7)).toBeLessThan(5 * Math.sqrt((0.7 * 0.3) / 10_000));
    expect(new Set(kept)).toEqual(new Set([Math.fround(1 / 0.7)]));
    expect(valuesOf(layer(x(), inTraining()))).toEqual(dropped);
    expect(valuesOf(layer(x(), inTraining(1)))).not.toEqual(dropped);
    expect(valuesOf(dropout(0.3, "dropout/b")(x(), inTraining()))).not.toEqual(dropped);
  });
  it("is the identity outside training", () =>
    expect(valuesOf(layer(x(), evaluating()))).toEqual(Array(10_000).fill(1)));
  it("passes the gradient where it passes the value", () => {
    const point = wave([6, 5], 1);
    const gradient = tf.grad((y) => layer(y, inTraining()))(point);
    expect(valuesOf(gradient)).toEqual(valuesOf(layer(tf.ones([6, 5]), inTraining())));
  });
});

describe("the extents along strides", () => {
  it("are rounded up, and end where less than a stride is left", () => {
    expect(extentsAlong([28, 28], [2, 2])).toEqual([
      [28, 28],
      [14, 14],
      [7, 7],
    ]);
    expect(extentsAlong([5, 3], [2, 1])).toEqual([
      [5, 3],
      [3, 2],
      [3, 2],
    ]);
    expect(extentsAlong([5, 3], [2, 2, 2])).toBeUndefined();
    expect(extentsAlong([1, 1], [1])).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });
});
