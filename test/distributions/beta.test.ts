import { beforeAll, describe, expect, it } from "vitest";
import { Beta } from "../../src/distributions/index.js";
import type { Engine } from "../../src/engine/engine.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import fixtures from "../fixtures/likelihoods.json" with { type: "json" };
import { expectDrawsFit, expectGradients, largestError } from "../support/densities.js";
import { useEngine } from "../support/engine.js";
import { expectGradient, noiseOf, tensorOf, valuesOf } from "../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const EDGE = 0.001;
const one = (l: number, logConcentration: number): Beta => new Beta(tensorOf([l]), tensorOf([logConcentration]), EDGE);

describe("a beta density", () => {
  it("has SciPy's log-density, mean and variance, and in the cells at 0 and 1 SciPy's mass of the cell", () => {
    expect(largestError((l, c) => new Beta(l!, c!, EDGE, 0), fixtures.beta)).toBeLessThan(2e-5);
  });

  it.each([
    [0, 1],
    [-2, 0],
    [3, -1],
    [-0.5, 4.5],
  ])("integrates to 1 at logit %s and log-concentration %s, where it is infinite at the edges too", (l, c) => {
    // Evenly spaced logits between the cells at the edges, in each of which the density is constant.
    const [from, count] = [Math.log(EDGE / (1 - EDGE)), 2000];
    const step = (-2 * from) / count;
    const x = Array.from({ length: count }, (_, i) => 1 / (1 + Math.exp(-from - (i + 0.5) * step)));
    const density = valuesOf(tf.exp(one(l, c).logProb(tf.expandDims(tensorOf([0, 1, ...x]), 1))));
    const inner = x.reduce((sum, value, i) => sum + density[i + 2]! * value * (1 - value) * step, 0);
    expect(inner + (density[0]! + density[1]!) * EDGE).toBeCloseTo(1, 4);
  });

  it.each([
    [0.4, 1],
    [-1, -0.5],
    [2, 3],
  ])("draws what its density says, at logit %s and log-concentration %s", (l, c) => {
    expectDrawsFit(engine, new Beta(tf.scalar(l), tf.scalar(c), EDGE, 0));
  });

  it("draws evenly within the cells at the edges, and as often as they have mass", () => {
    const p = one(-1, -1);
    const draws = valuesOf(p.sample(noiseOf(engine), "x", [20_000]));
    const low = draws.filter((x) => x < EDGE);
    const mass = Math.exp(valuesOf(p.logProb(tensorOf([[0]])))[0]!) * EDGE;
    expect(Math.abs(low.length / draws.length - mass)).toBeLessThan(5 * Math.sqrt((mass * (1 - mass)) / draws.length));
    const mean = low.reduce((sum, x) => sum + x, 0) / low.length;
    expect(Math.abs(mean - EDGE / 2)).toBeLessThan((5 * EDGE) / Math.sqrt(12 * low.length));
  });

  it("has gradients that differences confirm, in the cells at the edges too", () => {
    const parameters = [
      [0.3, -1.2, 2, -0.7],
      [0.1, -0.4, 1.6, 2],
    ];
    expectGradients((l, c) => new Beta(l!, c!, EDGE, 0), parameters, [0.5, 0.2, 0.9, 0.4]);
    const value = tensorOf([0, 1, 0, 1]);
    const [l, c] = parameters.map((each) => tensorOf(each)) as [Tensor, Tensor];
    const atEdges = (p: Beta): Tensor => tf.mean(p.logProbElements(value));
    expectGradient((x) => atEdges(new Beta(x, c, EDGE, 0)), l);
    expectGradient((x) => atEdges(new Beta(l, x, EDGE, 0)), c);
  });

  it("stays finite where the decoder's output is far from 0", () => {
    const p = new Beta(tensorOf([200, -200]), tensorOf([3, 3]), EDGE);
    expect(valuesOf(p.logProbElements(tensorOf([1, 1]))).every(Number.isFinite)).toBe(true);
  });
});
