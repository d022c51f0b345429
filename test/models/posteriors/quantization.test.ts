/** What posteriors with codebooks share: codes and values as SciPy finds them, their losses, and gradients straight through. */
import { beforeAll, describe, expect, test } from "vitest";
import { residualQuantized } from "../../../src/models/posteriors/residual-quantized.js";
import { vectorQuantized } from "../../../src/models/posteriors/vector-quantized.js";
import { type Scalar, type Tensor, tf } from "../../../src/tensor/tensor.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, tensorOf, valuesOf } from "../../support/tensors.js";
import { grouped, posteriorOf, residual } from "./quantizing.js";

beforeAll(async () => {
  await useEngine();
});

const cases = [
  { name: "vector-quantized", definition: vectorQuantized, fields: { groups: 2 }, row: grouped, width: 4 },
  { name: "residual-quantized", definition: residualQuantized, fields: { levels: 3 }, row: residual, width: 3 },
] as const;

describe.each(cases)("$name", ({ definition, fields, row, width }) => {
  const made = (more: object = {}) => posteriorOf(definition, { ...fields, ...more }, row, width);
  const x = () => tensorOf(row.x);
  const expectedDistance = "squaredDistances" in row ? row.squaredDistances : row.squaredDistance;

  test("has SciPy's codes and their value, and all mass on them", () => {
    const { at } = made();
    const { q, draw } = at(x());
    expect(tf.argMax(draw.codes!, -1).arraySync()).toEqual(row.codes);
    expectClose(draw.value, row.value, 1e-6);
    expectClose(q.mean!(), row.value, 1e-6);
    expectClose(draw.logProb, Array(8).fill(0));
    expectClose(q.logProb(draw.value), Array(8).fill(0));
    expect(Math.max(...valuesOf(q.logProb(tf.add(draw.value, 0.01))))).toBeLessThan(-1e29);
    expect([q.discrete, q.certain]).toEqual([true, true]);
  });

  test("embeds codes as the values that it has of them", () => {
    const { at, posterior, store, bindings } = made();
    const { codes, value } = at(x()).draw;
    expect(posterior.codes!.shape).toEqual([row.codes[0]!.length, row.codebooks[0]!.length]);
    store.bind(bindings, () => {
      expectClose(posterior.codes!.embed(codes!), value.arraySync() as number[][], 0);
      const many = tf.stack([codes!, codes!]);
      expect(posterior.codes!.embed(many).shape).toEqual([2, 8, width]);
    });
  });

  test("adds the commitment, and the loss of codebooks that have one, averaged over examples", () => {
    const commitment = made({ commitment: 0.5 }).at(x()).losses;
    expect(Object.keys(commitment)).toEqual(["commitment"]);
    expect(valuesOf(commitment.commitment!)[0]).toBeCloseTo((0.5 * expectedDistance) / 8, 4);
    const both = made({ update: "loss" }).at(x()).losses;
    expect(Object.keys(both).sort()).toEqual(["codebook", "commitment"]);
    expect(valuesOf(both.codebook!)[0]).toBeCloseTo(expectedDistance / 8, 4);
  });

  test("passes gradients through as if codes were the vectors that they stand for, and in training alone", () => {
    const { at } = made();
    const weights = tensorOf(row.x.map((each, i) => each.map((_, j) => Math.sin(3 * i + j))));
    const loss = (features: Tensor): Scalar => tf.sum(tf.mul(weights, at(features, { training: true }).draw.value));
    // Straight through: the gradient of sum w e(x) is w.
    expectClose(tf.grad(loss)(x()), weights.arraySync() as number[][], 1e-6);
    expectClose(at(x(), { training: true }).draw.value, row.value, 1e-6);
  });

  test("draws the encoder to its codes by the commitment, and its codes to the encoder by their own loss", () => {
    const { at } = made({ update: "loss", commitment: 0.25 });
    const encoder = tf.grad((features: Tensor) => {
      const { commitment, codebook } = at(features, { training: true }).losses;
      return tf.add<Scalar>(commitment!, codebook!);
    })(x());
    // By differences of the distance, at codes that do not change.
    const step = 0.001;
    const moved = tf.sub(x(), tf.mul(encoder, step));
    expect(valuesOf(at(moved).losses.commitment!)[0]).toBeLessThan(valuesOf(at(x()).losses.commitment!)[0]!);
    const name = "q/codebook-0/vectors";
    const gradientOf = (what: readonly ("codebook" | "commitment")[]): Tensor =>
      tf.grad((vectors: Tensor) => {
        const { losses } = at(x(), { training: true, more: { [name]: vectors } });
        return what.map((each) => losses[each]!).reduce((sum, each) => tf.add(sum, each));
      })(tensorOf(row.codebooks[0]!));
    const codes = gradientOf(["codebook", "commitment"]);
    expectClose(codes, gradientOf(["codebook"]).arraySync() as number[][], 0);
    expect(Math.max(...valuesOf(tf.abs(codes)))).toBeGreaterThan(0.01);
  });
});
