import { beforeAll, describe, expect, it } from "vitest";
import { closedFormKl, DiagonalGaussian, FullGaussian } from "../../src/distributions/index.js";
import type { Engine } from "../../src/engine/engine.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import fixtures from "../fixtures/latent-densities.json" with { type: "json" };
import { useEngine } from "../support/engine.js";
import { expectClose, expectGradient, noiseOf, tensorOf, valuesOf } from "../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const { mean, logScales, below, value, otherMean, otherLogScales, otherBelow, logVariance, ...expected } =
  fixtures.fullGaussian;
const gaussians = (): FullGaussian => new FullGaussian(tensorOf(mean), tensorOf(logScales), tensorOf(below));
const other = (): FullGaussian => new FullGaussian(tensorOf(otherMean), tensorOf(otherLogScales), tensorOf(otherBelow));
const diagonals = (): DiagonalGaussian => new DiagonalGaussian(tensorOf(mean), tensorOf(logVariance));

describe("a Gaussian with full covariance", () => {
  it("has SciPy's log-density and variances", () => {
    expectClose(gaussians().logProb(tensorOf(value)), expected.logProb, 2e-5);
    expectClose(gaussians().variance(), expected.variance);
    expectClose(gaussians().mean(), mean);
  });

  it("has the KLs of the formula with inverses and determinants: full and diagonal, both ways", () => {
    const total = (q: FullGaussian | DiagonalGaussian, p: FullGaussian | DiagonalGaussian): Tensor =>
      closedFormKl(q, p)!.total();
    expectClose(total(gaussians(), other()), expected.kl);
    expectClose(total(other(), diagonals()), expected.klToDiagonal);
    expectClose(total(diagonals(), other()), expected.klFromDiagonal);
    expectClose(total(gaussians(), gaussians()), [0, 0, 0], 2e-5);
  });

  it("draws with its mean and covariance, each scored as it is", () => {
    const count = 20_000;
    const { value: drawn, logProb } = other().sampleAndLogProb(noiseOf(engine), "z", [count]);
    expectClose(logProb, valuesOf(other().logProb(drawn)), 1e-4);
    // L^-1 (x - m) is standard normal: 5 standard errors of its moments.
    const L = tf.add(tensorOf(otherBelow), tf.diag(tf.exp(tensorOf(otherLogScales)))).arraySync() as number[][];
    const rows = tf.sub(drawn, tensorOf(otherMean)).arraySync() as number[][];
    const whitened = rows.map((row) => {
      const y: number[] = [];
      for (const [i, x] of row.entries())
        y.push((x - y.reduce((sum, each, j) => sum + L[i]![j]! * each, 0)) / L[i]![i]!);
      return y;
    });
    for (let i = 0; i < 5; i++) {
      const mean = whitened.reduce((sum, y) => sum + y[i]!, 0) / count;
      expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(count));
      for (let j = 0; j <= i; j++) {
        const moment = whitened.reduce((sum, y) => sum + y[i]! * y[j]!, 0) / count;
        expect(Math.abs(moment - Number(i === j))).toBeLessThan(5 * Math.sqrt((i === j ? 2 : 1) / count));
      }
    }
  });

  it("has gradients in all parameters and the value that differences confirm, and so have its draws and KLs", () => {
    const [m, l, b] = [tensorOf([otherMean]), tensorOf([otherLogScales]), tensorOf([otherBelow])];
    const x = tensorOf([[0.5, -1, 0.2, 1, -0.3]]);
    const lower = tf.sub(tf.ones([5, 5]), tf.eye(5));
    const make = (...[m, l, b]: [Tensor, Tensor, Tensor]): FullGaussian =>
      new FullGaussian(m, l, tf.mul(b, tf.linalg.bandPart(lower as never, -1, 0)));
    const point = new FullGaussian(tf.zeros([5]), tf.fill([5], 0.2), tf.zeros([5, 5]));
    const scores: ((p: FullGaussian) => Tensor)[] = [
      (p) => tf.mul(0.1, tf.mean(p.logProb(x))),
      (p) => tf.mean(tf.sin(p.sample(noiseOf(engine), "x", [3]))),
      (p) => tf.mul(0.1, tf.mean(p.kl(point))),
      (p) => tf.mul(0.1, tf.mean(point.kl(p))),
    ];
    for (const score of scores) {
      expectGradient((moved) => score(make(moved, l, b)), m);
      expectGradient((moved) => score(make(m, moved, b)), l);
      expectGradient((moved) => score(make(m, l, moved)), b);
    }
    expectGradient((moved) => tf.mul(0.1, tf.mean(make(m, l, b).logProb(moved))), x);
  });

  it("is a diagonal Gaussian where nothing is below the diagonal", () => {
    const full = new FullGaussian(tensorOf(mean), tf.mul(tensorOf(logVariance), 0.5), tf.zeros([3, 5, 5]));
    expectClose(full.logProb(tensorOf(value)), diagonals().logProb(tensorOf(value)).arraySync() as never);
    expectClose(full.kl(other()), valuesOf(closedFormKl(diagonals(), other())!.total()));
  });

  it("has events of any shape, another arrangement of its batch, and members that can be selected", () => {
    const p = new FullGaussian(tf.zeros([2, 4]), tf.zeros([2, 4]), tf.zeros([2, 4, 4]), [2, 2]);
    expect(p.logProb(tf.zeros([7, 1, 2, 2])).shape).toEqual([7, 2]);
    expect(p.sample(noiseOf(engine), "z", [3]).shape).toEqual([3, 2, 2, 2]);
    const arranged = gaussians().withBatch([1, 3]);
    expect(arranged.batchShape).toEqual([1, 3]);
    expectClose(tf.squeeze(arranged.logProb(tensorOf(value[0]!)), [0]), expected.logProb[0]!, 2e-5);
    const chosen = gaussians().select(
      tensorOf([
        [0, 0, 1],
        [0, 1, 0],
      ]),
    );
    expectClose(chosen.mean(), [mean[2]!, mean[1]!]);
    expectClose(chosen.variance(), [expected.variance[2]!, expected.variance[1]!]);
  });
});
