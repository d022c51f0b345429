import { beforeAll, describe, expect, it } from "vitest";
import { type Spline, splineForward, splineInverse, splineOf } from "../../src/distributions/rational-quadratic.js";
import { tf } from "../../src/tensor/tensor.js";
import fixtures from "../fixtures/splines.json" with { type: "json" };
import { useEngine } from "../support/engine.js";
import { expectClose, expectGradient, tensorOf, valuesOf } from "../support/tensors.js";

beforeAll(async () => {
  await useEngine();
});

const made = ({ bound, widths, heights, slopes }: (typeof fixtures.rows)[number]): Spline =>
  splineOf(bound, { widths: tensorOf(widths), heights: tensorOf(heights), slopes: tensorOf(slopes) });

describe.each(fixtures.rows)("a rational-quadratic spline of bound $bound", (row) => {
  it("has the values and slopes of its ratios of polynomials, and is the identity from its bound on", () => {
    const { value, logSlope } = splineForward(made(row), tensorOf(row.points));
    expectClose(value, row.value, 2e-5);
    expectClose(logSlope, row.logSlope, 2e-4);
  });

  it("has the inverse that bisection finds", () => {
    const { value, logSlope } = splineInverse(made(row), tensorOf(row.points));
    expectClose(value, row.inverse, 1e-4);
    expectClose(logSlope, row.inverseLogSlope, 1e-3);
  });
});

it("has gradients that differences confirm, between its knots", () => {
  const [, { bound, points, ...raw }] = fixtures.rows as [unknown, (typeof fixtures.rows)[number]];
  const x = tensorOf(points.filter((point) => Math.abs(point) !== bound));
  const tensors = { widths: tensorOf(raw.widths), heights: tensorOf(raw.heights), slopes: tensorOf(raw.slopes) };
  for (const map of [splineForward, splineInverse]) {
    const loss = (parameters: typeof tensors, at = x) => {
      const { value, logSlope } = map(splineOf(bound, parameters), at);
      return tf.mean(tf.add(tf.sin(value), logSlope));
    };
    expectGradient((at) => loss(tensors, at), x);
    for (const name of ["widths", "heights", "slopes"] as const)
      expectGradient((moved) => loss({ ...tensors, [name]: moved }), tensors[name]);
  }
});

it("is the identity where nothing is learned, at its knots too", () => {
  const raw = { widths: tf.zeros([8]), heights: tf.zeros([8]), slopes: tf.zeros([7]) };
  const x = tensorOf([-6, -4, -3, -1.3, 0, 0.2, 2, 3.9, 4, 100]);
  const { value, logSlope } = splineForward(splineOf(4, raw), x);
  expectClose(value, valuesOf(x), 1e-6);
  expect(Math.max(...valuesOf(tf.abs(logSlope)))).toBeLessThan(1e-5);
});
