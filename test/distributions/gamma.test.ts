/** What a gamma has as a latent; its log-density and its draws are tested with the other positive distributions. */
import { beforeAll, describe, expect, it } from "vitest";
import { logGammaSlope } from "../../src/distributions/gamma-pathwise.js";
import { closedFormKl, Gamma } from "../../src/distributions/index.js";
import type { Engine } from "../../src/engine/engine.js";
import { digammaDeficit } from "../../src/tensor/special-functions.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import { assertMean } from "../../src/testing/draws.js";
import fixtures from "../fixtures/gamma-latents.json" with { type: "json" };
import { useEngine } from "../support/engine.js";
import { expectClose, expectGradient, noiseOf, tensorOf, valuesOf } from "../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const { pairs, slopes, deficit } = fixtures;
const gammas = (of: readonly (readonly number[])[]): Gamma =>
  new Gamma(
    tensorOf(of.map(([logMean]) => [logMean!])),
    tensorOf(of.map(([, logConcentration]) => [logConcentration!])),
  );

describe("a gamma over latents", () => {
  it("has the KL of SciPy's integrals, with gradients that differences confirm", () => {
    const [q, p] = [gammas(pairs.map((each) => each.q)), gammas(pairs.map((each) => each.p))];
    expectClose(
      closedFormKl(q, p)!.total(),
      pairs.map(({ kl }) => kl),
      1e-5,
    );
    const [logMean, logConcentration, other] = [tensorOf([[0.5, -1]]), tensorOf([[-1, 1.5]]), gammas([[-0.3, 0.7]])];
    expectGradient((x) => tf.sum(new Gamma(x, logConcentration).klElements(other)), logMean);
    expectGradient((x) => tf.sum(new Gamma(logMean, x).klElements(other)), logConcentration);
  });

  it("has draws with SciPy's entropy", () => {
    const draws = 4000;
    const q = gammas(pairs.map((each) => each.q));
    const { logProb } = q.sampleAndLogProb(noiseOf(engine), "z", [draws]);
    const rows = tf.neg(logProb).arraySync() as number[][];
    for (const [i, { entropy }] of pairs.entries()) {
      const ofPair = rows.map((row) => row[i]!);
      assertMean(`-ln q of pair ${i}`, ofPair, entropy);
    }
  });

  it("has draws that move with the concentration as quantiles do", () => {
    for (const { concentration, logDraw, slope } of slopes)
      expectClose(
        tf.div(logGammaSlope(tensorOf(logDraw), tf.fill([logDraw.length], concentration)), tensorOf(slope)),
        slope.map(() => 1),
        1e-3,
      );
  });

  it("has gradients of means that are known: E z = a / b and E ln z = digamma(a) - ln b", () => {
    const draws = 20_000;
    for (const [a, b, trigamma] of [
      // psi'(1/2) = pi^2 / 2, psi'(1) = pi^2 / 6 and psi'(3) = pi^2 / 6 - 5/4.
      [0.5, 2, Math.PI ** 2 / 2],
      [1, 0.5, Math.PI ** 2 / 6],
      [3, 4, Math.PI ** 2 / 6 - 1.25],
    ] as const) {
      /** The gradient of a sum over draws, in a concentration and a rate for each draw. */
      const slopesOf = (f: (z: Tensor) => Tensor): number[][] =>
        tf
          .grads((k: Tensor, rate: Tensor) => {
            const q = new Gamma(tf.sub(tf.log(k), tf.log(rate)), tf.log(k), 0);
            return tf.sum(f(q.sample(noiseOf(engine), "z", [])));
          })([tf.fill([draws], a), tf.fill([draws], b)])
          .map(valuesOf);
      const [inShape, inRate] = slopesOf((z) => z);
      assertMean("dz/da", inShape!, 1 / b);
      assertMean("dz/db", inRate!, -a / b ** 2);
      const [logInShape, logInRate] = slopesOf(tf.log);
      assertMean("d ln z/da", logInShape!, trigamma);
      assertMean("d ln z/db", logInRate!, -1 / b);
    }
  });

  it("needs ln a - digamma(a), which is mpmath's", () => {
    expectClose(digammaDeficit(tensorOf(deficit.x)), deficit.value, 2e-6);
    expect(valuesOf(digammaDeficit(tf.scalar(1e6)))[0]! * 2e6).toBeCloseTo(1, 1);
  });
});
