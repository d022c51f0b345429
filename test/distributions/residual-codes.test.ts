/** Codes in levels: their probabilities, their values, and the gradient of relaxed draws, in closed form. */
import { beforeAll, describe, expect, test } from "vitest";
import { ResidualCodes } from "../../src/distributions/residual-codes.js";
import type { Engine } from "../../src/engine/engine.js";
import { tf } from "../../src/tensor/tensor.js";
import fixtures from "../fixtures/codebooks.json" with { type: "json" };
import { useEngine } from "../support/engine.js";
import { expectClose, noiseOf, tensorOf, valuesOf } from "../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

/** Two levels of two codes for one number: 1 or -1, then 0.5 or -0.25. */
const LEVELS = [
  [1, -1],
  [0.5, -0.25],
];
const X = 0.3;
const books = () => LEVELS.map((codes) => tf.tensor2d(codes, [2, 1]));
/** softmax over the codes of minus the squared distance. */
const probabilities = (residual: number, codes: readonly number[]): number[] => {
  const weights = codes.map((code) => Math.exp(-((residual - code) ** 2)));
  const total = weights.reduce((sum, each) => sum + each);
  return weights.map((each) => each / total);
};
const pathProbability = (first: number, second: number): number =>
  probabilities(X, LEVELS[0]!)[first]! * probabilities(X - LEVELS[0]![first]!, LEVELS[1]!)[second]!;

describe("draws", () => {
  const COUNT = 20_000;
  test("have the probabilities of their path, and the sum of its codes as value", () => {
    const q = new ResidualCodes(tf.tensor2d([[X]]), books());
    const { value, codes, logProb } = q.sampleAndLogProb(noiseOf(engine), "z", [COUNT]);
    expect([value.shape, codes.shape, logProb.shape]).toEqual([
      [COUNT, 1, 1],
      [COUNT, 1, 2, 2],
      [COUNT, 1],
    ]);
    const paths = codes.arraySync() as number[][][][];
    const [values, scores] = [valuesOf(value), valuesOf(logProb)];
    const counts = [0, 0, 0, 0];
    paths.forEach(([path], i) => {
      const [first, second] = path!.map((code) => code.indexOf(1)) as [number, number];
      counts[2 * first + second]!++;
      expect(values[i]).toBeCloseTo(LEVELS[0]![first]! + LEVELS[1]![second]!, 5);
      expect(scores[i]).toBeCloseTo(Math.log(pathProbability(first, second)), 4);
    });
    counts.forEach((count, path) => {
      const p = pathProbability(path >> 1, path & 1);
      // Four standard errors.
      expect(Math.abs(count / COUNT - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / COUNT));
    });
  });
  test("of a grid of vectors are independent: their log-probability is the sum", () => {
    const q = new ResidualCodes(tf.tensor3d([[[X], [X]]]), books(), 2);
    const { codes, logProb } = q.sampleAndLogProb(noiseOf(engine), "z", []);
    const path = (codes.arraySync() as number[][][])[0]!.map((code) => code.indexOf(1)) as number[];
    const expected = pathProbability(path[0]!, path[1]!) * pathProbability(path[2]!, path[3]!);
    expect(valuesOf(logProb)[0]).toBeCloseTo(Math.log(expected), 4);
  });
});

test("the mode takes the nearest code of each level", () => {
  const { x, codebooks, codes } = fixtures.residual;
  const mode = new ResidualCodes(tensorOf(x), codebooks.map(tensorOf)).mode();
  const sums = codes.map((path) =>
    path
      .map((code, level) => codebooks[level]![code]!)
      .reduce((sum, vector) => sum.map((value, d) => value + vector[d]!)),
  );
  expectClose(mode, sums, 1e-5);
});

test("in training, draws are codes with the gradient of relaxed ones", () => {
  const [a, b] = LEVELS[0] as [number, number];
  const temperature = 0.7;
  // With one uniform for both codes, the Gumbel noise cancels: the relaxed share of a is sigmoid(d / t), d the difference of the logits.
  const noise = { ...noiseOf(engine), uniform: (_: string, shape: readonly number[]) => tf.fill([...shape], 0.4) };
  const training = { temperature: tf.scalar(temperature) };
  const draw = (x: ReturnType<typeof tf.tensor>) =>
    new ResidualCodes(x, books().slice(0, 1), 1, training).sampleAndLogProb(noise, "z", []).value;
  const x = tf.tensor2d([[X]]);
  expect(valuesOf(draw(x))).toEqual([a]);
  const difference = 2 * X * (a - b) - (a ** 2 - b ** 2);
  const share = 1 / (1 + Math.exp(-difference / temperature));
  const expected = (2 * (a - b) ** 2 * share * (1 - share)) / temperature;
  expect(valuesOf(tf.grad((each) => tf.sum(draw(each)))(x))[0]).toBeCloseTo(expected, 4);
});

test("are scored where they are drawn alone", () => {
  const q = new ResidualCodes(tf.tensor2d([[X]]), books());
  expect(() => q.logProb(tf.zeros([1, 1]))).toThrow("where they are drawn");
});
