/** Codes in levels, each of what the levels before it leave over. */
import { beforeAll, expect, test } from "vitest";
import { residualQuantized } from "../../../src/models/posteriors/residual-quantized.js";
import { vectorQuantized } from "../../../src/models/posteriors/vector-quantized.js";
import { tf } from "../../../src/tensor/tensor.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, tensorOf, valuesOf } from "../../support/tensors.js";
import { posteriorOf, residual } from "./quantizing.js";

beforeAll(async () => {
  await useEngine();
});
const x = () => tensorOf(residual.x);

test("with one level is vector-quantized", () => {
  const first = { ...residual, codebooks: residual.codebooks.slice(0, 1) };
  const one = posteriorOf(residualQuantized, { levels: 1 }, first, 3).at(x());
  const other = posteriorOf(vectorQuantized, {}, first, 3).at(x());
  expectClose(one.draw.value, other.draw.value.arraySync() as number[][], 0);
  expect(valuesOf(one.losses.commitment!)).toEqual(valuesOf(other.losses.commitment!));
});

test("commits the encoder to the sum of every number of levels: its pull is twice the weighted sum of their distances", () => {
  const { at } = posteriorOf(residualQuantized, { levels: 3, commitment: 0.25 }, residual, 3);
  const gradient = tf.grad((features: ReturnType<typeof x>) => at(features, { training: true }).losses.commitment!)(
    x(),
  );
  const expected = residual.x.map((row, i) => {
    const sums = residual.codes[i]!.map((_, level) =>
      residual.codes[i]!.slice(0, level + 1)
        .map((code, l) => residual.codebooks[l]![code]!)
        .reduce((sum, vector) => sum.map((value, d) => value + vector[d]!)),
    );
    return row.map((value, d) => sums.reduce((total, sum) => total + (0.5 * (value - sum[d]!)) / 8, 0));
  });
  expectClose(gradient, expected, 1e-5);
});

test("with depth dropout shows the decoder, in training, the levels before the first that is dropped", () => {
  const { at } = posteriorOf(residualQuantized, { levels: 3, depthDropout: 0.5 }, residual, 3);
  /** By example, how many levels come before the first draw below 0.5; the third level of example 1 is kept in vain. */
  const draws = [
    [0.1, 0.9, 0.9, 0.9, 0.5, 0.9, 0.9, 0.9],
    [0.9, 0.2, 0.9, 0.9, 0.5, 0.9, 0.9, 0.9],
    [0.9, 0.9, 0.3, 0.9, 0.5, 0.9, 0.9, 0.9],
  ];
  const levels = [0, 1, 2, 3, 3, 3, 3, 3];
  const sumOf = (count: number, i: number): number[] =>
    residual.codes[i]!.slice(0, count)
      .map((code, l) => residual.codebooks[l]![code]!)
      .reduce((sum, vector) => sum.map((value, d) => value + vector[d]!), [0, 0, 0]);
  const uniform = tf.expandDims(tf.tensor2d(draws), 2);
  expectClose(at(x(), { training: true, uniform }).draw.value, levels.map(sumOf), 1e-5);
  expectClose(
    at(x()).draw.value,
    levels.map((_, i) => sumOf(3, i)),
    1e-5,
  );
});
