import { beforeAll, describe, expect, it } from "vitest";
import { exponential, fromOrigin, logarithm } from "../../../src/distributions/ball/geometry.js";
import { beforeBound, tooWide, wrappedNormalOf } from "../../../src/distributions/ball/wrapped-normal.js";
import { WrappedNormal } from "../../../src/distributions/index.js";
import type { Engine } from "../../../src/engine/engine.js";
import { type Tensor, tf } from "../../../src/tensor/tensor.js";
import fixtures from "../../fixtures/latent-densities.json" with { type: "json" };
import { useEngine } from "../../support/engine.js";
import { expectClose, expectGradient, noiseOf, tensorOf, valuesOf } from "../../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const norms = (x: Tensor): number[] => valuesOf(tf.norm(x, 2, -1));

describe("a wrapped normal on the Poincaré ball", () => {
  it.each(fixtures.wrappedNormal)("has the log-density that the hyperboloid gives, around $center", (row) => {
    const p = new WrappedNormal(tensorOf(row.center), tensorOf(row.logScales));
    // Near the border an error of 6e-8 in a coordinate is one of 6e-8 exp(r) / 2 in a distance r.
    expectClose(p.logProb(tensorOf(row.value)), row.logProb, 1e-4);
  });

  it("draws points whose way from the center is normal, each scored as it is", () => {
    const center = fromOrigin(tensorOf([1, -2, 0.5]));
    const scales = [0.4, 1, 0.7];
    const p = new WrappedNormal(center, tf.log(tensorOf(scales)));
    const count = 20_000;
    const { value, logProb } = p.sampleAndLogProb(noiseOf(engine), "z", [count]);
    expect(norms(value).every((norm) => norm < 1)).toBe(true);
    expectClose(logProb, valuesOf(p.logProb(value)), 1e-3);
    const rows = logarithm(center, value).arraySync() as number[][];
    for (const [d, scale] of scales.entries()) {
      const moment = (power: number): number => rows.reduce((sum, row) => sum + (row[d]! / scale) ** power, 0) / count;
      expect(Math.abs(moment(1))).toBeLessThan(5 / Math.sqrt(count));
      expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
    }
  });

  it("has gradients of density and draws that differences confirm", () => {
    const [m, l] = [tensorOf([[0.5, -1, 0.2]]), tensorOf([[0.1, -0.4, 0.3]])];
    const z = fromOrigin(tensorOf([[1, 0.3, -0.6]]));
    const make = (tangent: Tensor, logScale: Tensor): WrappedNormal => new WrappedNormal(fromOrigin(tangent), logScale);
    for (const score of [
      (p: WrappedNormal) => tf.mul(0.2, tf.mean(p.logProb(z))),
      (p: WrappedNormal) => tf.mean(tf.sin(p.sample(noiseOf(engine), "z", [3]))),
    ]) {
      expectGradient((x) => score(make(x, l)), m);
      expectGradient((x) => score(make(m, x)), l);
    }
    expectGradient((x) => tf.mul(0.2, tf.mean(make(m, l).logProb(fromOrigin(x)))), tensorOf([[1, 0.3, -0.6]]));
    // A draw's own log-density depends on the scales alone.
    const drawn = (logScale: Tensor): Tensor =>
      tf.mul(0.2, tf.mean(make(m, logScale).sampleAndLogProb(noiseOf(engine), "z", [3]).logProb));
    expectGradient(drawn, l);
    // At the center itself.
    const atCenter = tf.grad((x: Tensor) => tf.sum(make(m, l).logProb(x)))(fromOrigin(m));
    expect(valuesOf(atCenter).every(Number.isFinite)).toBe(true);
  });

  it("is a product over the balls of an event, and has members that can be selected", () => {
    const m = fromOrigin(tf.sin(tf.reshape(tf.range(1, 25), [2, 3, 4])));
    const l = tf.fill([2, 3, 4], -0.5);
    const p = new WrappedNormal(m, l, 2);
    expect([p.batchShape, p.eventShape]).toEqual([[2], [3, 4]]);
    const value = p.sample(noiseOf(engine), "z", [5]);
    expect(value.shape).toEqual([5, 2, 3, 4]);
    expectClose(p.logProb(value), tf.sum(new WrappedNormal(m, l).logProb(value), -1).arraySync() as never, 1e-4);
    expectClose(p.select(tensorOf([[0, 1]])).center(), tf.slice(m, 1, 1).arraySync() as never);
    expectClose(p.withBatch([1, 2]).center(), [m.arraySync() as never]);
  });
});

describe("geodesics of the ball", () => {
  it("lead back: the logarithm is the inverse of the exponential, and its norm the distance", () => {
    const centers = fromOrigin(
      tensorOf([
        [0, 0],
        [1, 2],
        [-4, 3],
      ]),
    );
    const tangents = tensorOf([
      [0.3, -0.2],
      [2, 1],
      [-1, 0.5],
    ]);
    expectClose(logarithm(centers, exponential(centers, tangents)), tangents.arraySync() as never, 2e-3);
    // d(x, y) = arcosh(1 + 2 |x - y|^2 / ((1 - |x|^2) (1 - |y|^2))).
    const [x, y] = [fromOrigin(tensorOf([0.4, 1])), fromOrigin(tensorOf([-1, 0.3]))];
    const [xx, yy] = [x, y].map((each) => 1 - norms(each)[0]! ** 2);
    const gap = norms(tf.sub(x, y))[0]! ** 2;
    expect(norms(logarithm(x, y))[0]).toBeCloseTo(Math.acosh(1 + (2 * gap) / (xx! * yy!)), 5);
  });
});

describe("what networks give", () => {
  it("becomes a center within 6 of the origin, and scales whose squares sum to less than 25", () => {
    const p = wrappedNormalOf(tensorOf([[500, -20, 3, 0]]), tensorOf([[40, 3, 0, -2]]), 1);
    const distance = norms(logarithm(tf.zeros([1, 4]), p.center()))[0]!;
    expect(distance).toBeGreaterThan(5.9);
    expect(distance).toBeLessThan(6.01);
    const tangents = logarithm(p.center(), p.sample(noiseOf(engine), "z", [2000]));
    const squares = valuesOf(tf.mean(tf.square(tangents), [0, 1]));
    expect(squares.reduce((sum, each) => sum + each, 0)).toBeLessThan(26);
    expect(squares[3]).toBeCloseTo(Math.exp(-4), 2);
  });

  it("keeps a small center, and begins a conditioned prior at its scale", () => {
    const l = beforeBound(Math.log(0.8), 2);
    const p = wrappedNormalOf(tensorOf([[0.1, 0.02]]), tf.fill([1, 2], l), 1);
    expectClose(logarithm(tf.zeros([1, 2]), p.center()), [[0.1, 0.02]], 1e-3);
    const expected = new WrappedNormal(p.center(), tf.fill([1, 2], Math.log(0.8)));
    const z = tensorOf([[0.3, 0.1]]);
    expectClose(p.logProb(z), valuesOf(expected.logProb(z)), 1e-5);
  });

  it("has a largest scale, beyond which a prior is refused", () => {
    expect(tooWide(1, 16)).toBeUndefined();
    expect(tooWide(1, 25)).toContain("in 25 dimensions the scale is below 1.00");
    expect(tooWide(4, 2)).toContain("and it is 4");
  });
});
