import { beforeAll, describe, expect, it } from "vitest";
import { DiagonalGaussian } from "../../../src/distributions/diagonal-gaussian.js";
import type { Engine } from "../../../src/engine/engine.js";
import { semiAmortized } from "../../../src/models/posteriors/index.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { type Tensor, tf } from "../../../src/tensor/tensor.js";
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { noiseOf, tensorOf, valuesOf } from "../../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

/** q before and after refinement, where the encoder says N(3, e^2) for every example. */
const refined = (fields: { steps: number; stepSize: number }, count: number, logJoint?: (z: Tensor) => Tensor) => {
  const store = new ParameterStore();
  const context = { features: { features: [1] }, latent: [2], parameters: store.scope("posterior") };
  const posterior = build(semiAmortized, fields, context);
  const bindings = {
    "posterior/mean/weights": tf.zeros([1, 2]),
    "posterior/mean/bias": tensorOf([3, 3]),
    "posterior/log-variance/weights": tf.zeros([1, 2]),
    "posterior/log-variance/bias": tensorOf([2, 2]),
  };
  const call = { ...calling(), noise: noiseOf(engine) };
  const maps = { features: tf.ones([count, 1]) };
  const q = store.bind(bindings, () => posterior.at(maps, { parents: {}, call, ...(logJoint && { logJoint }) }));
  return q as DiagonalGaussian;
};
const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("the semi-amortized posterior", () => {
  it("climbs to the exact posterior of a Gaussian model", () => {
    // p(z) = N(0, 1), p(x | z) = N(z, 1) at x = 1: the posterior is N(1 / 2, 1 / 2).
    const posterior = (): DiagonalGaussian => new DiagonalGaussian(tf.fill([2], 0.5), tf.fill([2], Math.log(0.5)));
    const q = refined({ steps: 100, stepSize: 0.1 }, 200, (z) => posterior().logProb(z));
    expect(Math.abs(average(valuesOf(q.mean())) - 0.5)).toBeLessThan(0.05);
    // A step of 0.1 leaves noise of its own in the log-variance.
    expect(Math.abs(average(valuesOf(q.logVariance)) - Math.log(0.5))).toBeLessThan(0.15);
  });

  it("is what the encoder says at pseudo-inputs, which have no likelihood", () => {
    expect(valuesOf(refined({ steps: 5, stepSize: 0.2 }, 1).mean())).toEqual([3, 3]);
  });

  it("stays finite under a likelihood far too sharp for its steps", () => {
    const sharp = (z: Tensor): Tensor => tf.sum(tf.mul(tf.square(tf.sub(z, 1)), -1e6), 1);
    const q = refined({ steps: 20, stepSize: 1 }, 50, sharp);
    for (const tensor of [q.mean(), q.logVariance]) expect(valuesOf(tensor).every(Number.isFinite)).toBe(true);
  });

  it("passes the gradient at the refined q to the encoder unchanged", () => {
    const store = new ParameterStore();
    const context = { features: { features: [1] }, latent: [1], parameters: store.scope("posterior") };
    const posterior = build(semiAmortized, { steps: 3, stepSize: 0.5 }, context);
    const logJoint = (z: Tensor): Tensor => tf.sum(tf.mul(tf.square(tf.sub(z, 1)), -0.5), 1);
    const sumOfMeans = (bias: Tensor): Tensor => {
      const bindings = {
        "posterior/mean/weights": tf.zeros([1, 1]),
        "posterior/mean/bias": bias,
        "posterior/log-variance/weights": tf.zeros([1, 1]),
        "posterior/log-variance/bias": tensorOf([0]),
      };
      const call = { ...calling(), noise: noiseOf(engine) };
      const maps = { features: tf.ones([4, 1]) };
      return store.bind(bindings, () => tf.sum(posterior.at(maps, { parents: {}, call, logJoint }).mean!()));
    };
    expect(valuesOf(tf.grad(sumOfMeans as never)(tensorOf([0.3])))).toEqual([4]);
  });
});
