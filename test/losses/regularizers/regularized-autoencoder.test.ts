/** The penalties of regularized autoencoders, on decoders whose gradient is known. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Model } from "../../../src/contracts/model.js";
import { DiagonalGaussian } from "../../../src/distributions/index.js";
import type { Engine } from "../../../src/engine/engine.js";
import { codeNorm } from "../../../src/losses/regularizers/code-norm.js";
import { decoderGradientPenalty } from "../../../src/losses/regularizers/decoder-gradient-penalty.js";
import { decoderWeightNorm } from "../../../src/losses/regularizers/decoder-weight-norm.js";
import { zeros } from "../../../src/tensor/initializers.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { type Tensor, tf } from "../../../src/tensor/tensor.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { figuresAt, penaltyAt, stepOn } from "../../support/penalty.js";
import { named } from "../../support/schedules.js";
import { expectGradient, tensorOf, valuesOf } from "../../support/tensors.js";
import { unitGaussianModel } from "../../support/unit-gaussian-model.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const ROWS = [
  [1, -2],
  [0.5, 3],
];

describe("half the squared norm of the codes", () => {
  test("of a point mass is that of its values", () => {
    const model = unitGaussianModel({ slope: [2, 1], variance: null });
    expect(figuresAt(engine, codeNorm, {}, { model, x: tensorOf(ROWS) }).value).toBeCloseTo((8 + 10) / 4, 5);
  });
  test("of a Gaussian has the variance beside it, and the gradient of the mean", () => {
    const model = unitGaussianModel({ slope: [2, 1], variance: 0.5 });
    const many = tensorOf(Array(4000).fill([1, -2]));
    expect(Math.abs(figuresAt(engine, codeNorm, {}, { model, x: many }).value! - (8 + 2 * 0.5) / 2)).toBeLessThan(0.1);
    expectGradient((x) => penaltyAt(engine, codeNorm, {}, { model, x }).value, tensorOf(ROWS));
  });
});

/** x = decode(z), z = 3 x: a gradient in the encoder's input would be 9 times as large. */
const decoding = (decode: (z: Tensor) => Tensor): Model => ({
  ...unitGaussianModel({ slope: [3, 3], variance: null }),
  generate: ({ z }) => {
    const mean = decode(z!);
    return new DiagonalGaussian(mean, tf.zerosLike(mean));
  },
});
const linear =
  (weights: Tensor) =>
  (z: Tensor): Tensor =>
    tf.reshape(tf.matMul(tf.reshape(z, [-1, 2]), weights as never), [...z.shape.slice(0, -1), weights.shape[1]!]);

describe("the gradient penalty", () => {
  test("of a decoder that scales each dimension is the sum of squared scales, by any probe", () => {
    const model = decoding((z) => tf.mul(z, tf.tensor1d([2, -0.5])));
    for (const probes of [1, 3])
      expect(figuresAt(engine, decoderGradientPenalty, { probes }, { model, x: tensorOf(ROWS) }).value).toBeCloseTo(
        4.25,
        5,
      );
  });
  test("of a linear decoder is the squared Frobenius norm of its weights in expectation", () => {
    const weights = [
      [1, 2, 0.5],
      [-1, 0.3, 0.7],
    ];
    const expected = weights.flat().reduce((sum, w) => sum + w ** 2, 0);
    const at = { model: decoding(linear(tensorOf(weights))), x: tensorOf(Array(4000).fill([1, 2])) };
    const found = figuresAt(engine, decoderGradientPenalty, {}, at).value!;
    expect(Math.abs(found - expected)).toBeLessThan(0.1);
  });
  test("has the second derivatives of its differences, in the codes and in the decoder's weights", () => {
    const weights = tensorOf([
      [0.4, -0.3, 0.2],
      [0.5, 0.1, -0.6],
    ]);
    for (const squash of [tf.tanh, tf.sigmoid] as const) {
      const penaltyOf = (w: Tensor, x: Tensor): Tensor => {
        const model = decoding((z) => squash(linear(w)(z)));
        return penaltyAt(engine, decoderGradientPenalty, {}, { model, x }).value;
      };
      const x = tensorOf([[0.1, -0.2]]);
      expectGradient((at) => penaltyOf(weights, at), x);
      expectGradient((at) => penaltyOf(at, x), weights);
    }
  });
  test("needs a mean, and says so", () => {
    const model: Model = {
      ...decoding((z) => z),
      generate: ({ z }) => ({ ...new DiagonalGaussian(z!, tf.zerosLike(z!)), mean: undefined }) as never,
    };
    expect(() => figuresAt(engine, decoderGradientPenalty, {}, { model, x: tensorOf(ROWS) })).toThrow(
      "the likelihood has no mean",
    );
  });
});

test("the norm of the decoder's weights leaves out biases and other parts", () => {
  const store = new ParameterStore();
  for (const [name, shape] of [
    ["decoder/dense-0/weights", [2, 2]],
    ["decoder/dense-0/bias", [2]],
    ["decoder/kernel", [1, 1, 2]],
    ["encoder/weights", [2, 2]],
  ] as const)
    store.scope()(name, shape, zeros);
  store.scope()("decoder/statistics", [2, 2], zeros, { trainable: false });
  const model = unitGaussianModel({ slope: [1], variance: 1 });
  const fields = { weight: named("weight", 1) };
  const context = { model, parameters: store.scope(), modelParameters: () => store.parameters };
  const made = build(decoderWeightNorm, fields, context);
  const bindings = Object.fromEntries(store.parameters.map(({ name, shape }) => [name, tf.fill([...shape], 2)]));
  const step = stepOn(engine, { model, x: tensorOf([[1]]) });
  expect(valuesOf(store.bind(bindings, () => made.penalty(step)) as never)[0]).toBe(4 * (4 + 2));
  const none = build(decoderWeightNorm, fields, { ...context, modelParameters: () => [] });
  expect(() => none.penalty(step)).toThrow("has no weights to shrink");
});
