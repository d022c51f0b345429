import { beforeAll, describe, expect, it } from "vitest";
import { DiscretizedLogistic } from "../../src/distributions/index.js";
import type { Engine } from "../../src/engine/engine.js";
import { tf } from "../../src/tensor/tensor.js";
import fixtures from "../fixtures/likelihoods.json" with { type: "json" };
import { expectDrawsFit, expectGradients, largestError } from "../support/densities.js";
import { useEngine } from "../support/engine.js";
import { tensorOf, valuesOf } from "../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const levels = Array.from({ length: 256 }, (_, k) => k / 255);

describe("a discretized logistic", () => {
  it("has the differences of SciPy's logistic distribution, far in the tails and at both ends, and their exact mean", () => {
    expect(largestError((m, l) => new DiscretizedLogistic(m!, l!, 0), fixtures.discretizedLogistic)).toBeLessThan(3e-6);
  });

  it.each([
    [0.5, -3],
    [-0.4, -1],
    [1.02, -6],
    [0.2, 2],
  ])("has a mass of 1, and draws levels by it, at location %s and log-scale %s", (location, logScale) => {
    const p = new DiscretizedLogistic(tf.scalar(location), tf.scalar(logScale), 0);
    expect(valuesOf(tf.sum(tf.exp(p.logProb(tensorOf(levels)))))[0]).toBeCloseTo(1, 5);
    expectDrawsFit(engine, p);
  });

  it("has gradients that differences confirm, at the ends and within", () => {
    expectGradients(
      (m, l) => new DiscretizedLogistic(m!, l!, 0),
      [
        [0.3, 0.6, 1.1, -0.2],
        [-1.1, -2, -1.5, -0.5],
      ],
      [0, 153 / 255, 1, 20 / 255],
    );
  });

  it("takes as many levels as it is told", () => {
    const p = new DiscretizedLogistic(tf.scalar(0.4), tf.scalar(-1), 0, 4);
    expect(valuesOf(tf.sum(tf.exp(p.logProb(tensorOf([0, 1 / 3, 2 / 3, 1])))))[0]).toBeCloseTo(1, 6);
  });
});
