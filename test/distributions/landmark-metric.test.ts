import { beforeAll, describe, expect, it } from "vitest";
import { landmarkMetric } from "../../src/distributions/landmark-metric.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import cases from "../fixtures/landmark-metric.json" with { type: "json" };
import { useEngine } from "../support/engine.js";
import { expectClose, expectGradient, tensorOf } from "../support/tensors.js";

beforeAll(async () => {
  await useEngine();
});

type Case = (typeof cases)[number];
const metricOf = ({ temperature, regularization, ...shapes }: Case, centroids = tensorOf(shapes.centroids)) =>
  landmarkMetric({ centroids, factors: tensorOf(shapes.factors), temperature, regularization });

describe.each(cases.map((each) => ({ dimensions: each.z[0]!.length, each })))(
  "a metric around landmarks in $dimensions dimensions",
  ({ dimensions, each }) => {
    it("is that of NumPy, with its inverse and its determinant", () => {
      const local = metricOf(each)(tensorOf(each.z));
      expectClose(local.logDeterminant(), each.logDeterminant, 1e-5);
      expectClose(local.velocity(tensorOf(each.rho)), each.velocity, 1e-5);
      const units = Array.from({ length: dimensions }, (_, i) =>
        tensorOf(each.z.map(() => Array.from({ length: dimensions }, (_value, j) => Number(i === j)))),
      );
      expectClose(tf.stack(units.map(local.velocity), 2), each.inverse, 1e-5);
      // The columns of A, where momenta are A gamma: A A' = G.
      const factor = tf.stack(units.map(local.momentum), 2);
      expectClose(tf.matMul(factor, factor, false, true), each.metric, 1e-5);
    });

    it("has the slope of the energy, by differences in double precision", () => {
      expectClose(metricOf(each)(tensorOf(each.z)).slope(tensorOf(each.rho)), each.slope, 1e-5);
    });
  },
);

it("has gradients in points and centroids", () => {
  const [, each] = cases as [Case, Case];
  const [centroids, z, rho] = [each.centroids, each.z, each.rho].map(tensorOf) as [Tensor, Tensor, Tensor];
  const of = (at: Tensor, around: Tensor): Tensor => {
    const local = metricOf(each, around)(at);
    return tf.add(tf.mean(tf.sin(local.momentum(rho))), tf.mean(tf.sin(local.slope(rho))));
  };
  expectGradient((x) => of(x, centroids), z);
  expectGradient((x) => of(z, x), centroids);
  expect(of(z, centroids).shape).toEqual([]);
});
