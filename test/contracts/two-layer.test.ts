/** Several latents, one of which is the other's prior: against a linear Gaussian hierarchy of which everything is known. */

import { determinant, inverse, Matrix } from "ml-matrix";
import { beforeAll, describe, expect, test } from "vitest";
import type { Inferred } from "../../src/contracts/inferred.js";
import type { Host, HostTensors } from "../../src/contracts/program.js";
import { recordTwice } from "../../src/engine/capture/record/record-twice.js";
import type { Engine } from "../../src/engine/engine.js";
import {
  distortionOf,
  elboTerms,
  logImportanceWeights,
  posteriorMeans,
  rateOf,
} from "../../src/inference/elbo-terms.js";
import { type BatchInputs, batchOf } from "../../src/inference/step.js";
import { normal, stream } from "../../src/numerics/streams.js";
import { logMeanExp } from "../../src/tensor/mathematics.js";
import { tf } from "../../src/tensor/tensor.js";
import { assertCapturedLikeEager, assertNoLeak, drawsOf, runEagerly } from "../../src/testing/steps.js";
import { calling } from "../support/calls.js";
import { useEngine } from "../support/engine.js";
import { computed, stepOf } from "./support/programs.js";
import { type Order, SCALE, SIZES, twoLayerModel } from "./support/two-layer.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

// A diagonal, W with orthogonal columns: the exact posteriors factorize, so that diagonal Gaussians can be exact.
const A = new Matrix([
  [0.8, 0],
  [0, -0.6],
]);
const SHIFT = [0.3, -0.2];
const VARIANCE = [0.4, 0.9];
const W = new Matrix([
  [0.6, 0.8],
  [0.8, -0.6],
  [0, 0],
]).mmul(Matrix.diag([1.2, 0.7]));
const BIAS = [0.1, -0.4, 0.2];
const NOISE = Matrix.eye(SIZES.x, SIZES.x, SCALE * SCALE);
const column = (values: readonly number[]): Matrix => Matrix.columnVector([...values]);
const PRIOR_COVARIANCE = A.mmul(A.transpose()).add(Matrix.diag(VARIANCE));
const MARGINAL_MEAN = W.mmul(column(SHIFT)).add(column(BIAS));
const MARGINAL_COVARIANCE = W.mmul(PRIOR_COVARIANCE).mmul(W.transpose()).add(NOISE);

const LOG_2PI = Math.log(2 * Math.PI);
const logDeterminant = (m: Matrix): number => Math.log(determinant(m));
const square = (v: Matrix, precision: Matrix): number => v.transpose().mmul(precision).mmul(v).get(0, 0);
const logGaussian = (x: Matrix, mean: Matrix, covariance: Matrix): number =>
  -0.5 * (x.rows * LOG_2PI + logDeterminant(covariance) + square(Matrix.sub(x, mean), inverse(covariance)));

const ROWS: readonly (readonly number[])[] = (() => {
  const uniform = stream(2, "rows");
  return Array.from({ length: 4 }, () => BIAS.map((bias) => bias + 1.2 * normal(uniform)));
})();
const EXACT = ROWS.map((row) => logGaussian(column(row), MARGINAL_MEAN, MARGINAL_COVARIANCE));

/** p(y | v) = N(m, C) of a joint Gaussian with y = G v + noise, as gain and offset of v: the usual conditioning. */
const conditioned = (mean: Matrix, covariance: Matrix, map: Matrix, noise: Matrix, offset: Matrix) => {
  const seen = map.mmul(covariance).mmul(map.transpose()).add(noise);
  const gain = covariance.mmul(map.transpose()).mmul(inverse(seen));
  return {
    gain,
    offset: Matrix.sub(mean, gain.mmul(map.mmul(mean).add(offset))),
    covariance: Matrix.sub(covariance, gain.mmul(map).mmul(covariance)),
  };
};
const host = (matrix: Matrix, shape: readonly number[]) => ({ shape, data: Float32Array.from(matrix.to1DArray()) });
const logDiagonal = (covariance: Matrix) => host(column(covariance.diagonal().map(Math.log)), [covariance.rows]);
const GENERATIVE: HostTensors = {
  "prior/z1/z2": host(A.transpose(), [2, 2]),
  "prior/z1/bias": host(column(SHIFT), [2]),
  "prior/z1/log-variance": host(column(VARIANCE.map(Math.log)), [2]),
  "decoder/weights": host(W.transpose(), [2, 3]),
  "decoder/bias": host(column(BIAS), [3]),
};
const ZERO = column([0, 0]);
/** The exact posterior in either order, as parameters of the model's own inference. */
const exactInference = (order: Order): HostTensors => {
  if (order === "top-down") {
    const above = conditioned(
      ZERO,
      Matrix.eye(2),
      W.mmul(A),
      W.mmul(Matrix.diag(VARIANCE)).mmul(W.transpose()).add(NOISE),
      MARGINAL_MEAN,
    );
    // z1 given z2 has the mean A z2 + a, so what x says of it comes through x - W (A z2 + a) - b.
    const { gain, covariance } = conditioned(ZERO, Matrix.diag(VARIANCE), W, NOISE, column([0, 0, 0]));
    const throughTop = Matrix.sub(A, gain.mmul(W).mmul(A));
    const offset = Matrix.sub(column(SHIFT), gain.mmul(MARGINAL_MEAN));
    return {
      "encoder/z2/x": host(above.gain.transpose(), [3, 2]),
      "encoder/z2/bias": host(above.offset, [2]),
      "encoder/z2/log-variance": logDiagonal(above.covariance),
      "encoder/z1/x": host(gain.transpose(), [3, 2]),
      "encoder/z1/z2": host(throughTop.transpose(), [2, 2]),
      "encoder/z1/bias": host(offset, [2]),
      "encoder/z1/log-variance": logDiagonal(covariance),
    };
  }
  const below = conditioned(column(SHIFT), PRIOR_COVARIANCE, W, NOISE, column(BIAS));
  const above = conditioned(ZERO, Matrix.eye(2), A, Matrix.diag(VARIANCE), column(SHIFT));
  return {
    "encoder/z1/x": host(below.gain.transpose(), [3, 2]),
    "encoder/z1/bias": host(below.offset, [2]),
    "encoder/z1/log-variance": logDiagonal(below.covariance),
    "encoder/z2/z1": host(above.gain.transpose(), [2, 2]),
    "encoder/z2/bias": host(above.offset, [2]),
    "encoder/z2/log-variance": logDiagonal(above.covariance),
  };
};
const matrixOf = ({ shape, data }: HostTensors[string]): Matrix =>
  Matrix.from1DArray(shape.length === 1 ? 1 : shape[0]!, shape.at(-1)!, Array.from(data)).transpose();

/** The bound in closed form, for the top-down model: q is one Gaussian over (z2, z1), and all that is averaged is quadratic. */
const closedFormBound = (q: HostTensors, row: readonly number[]): number => {
  const at = (name: string): Matrix => matrixOf(q[name]!);
  const variances = (name: string): Matrix => Matrix.diag(at(name).to1DArray().map(Math.exp));
  const x = column(row);
  const m2 = at("encoder/z2/x").mmul(x).add(at("encoder/z2/bias"));
  const V = at("encoder/z1/z2");
  const m1 = at("encoder/z1/x").mmul(x).add(V.mmul(m2)).add(at("encoder/z1/bias"));
  const [C2, own] = [variances("encoder/z2/log-variance"), variances("encoder/z1/log-variance")];
  const C1 = V.mmul(C2).mmul(V.transpose()).add(own);
  const C12 = V.mmul(C2);
  const expected = (residual: Matrix, spread: Matrix, precision: Matrix): number =>
    square(residual, precision) + precision.mmul(spread).trace();
  const likelihood =
    SIZES.x * LOG_2PI +
    logDeterminant(NOISE) +
    expected(Matrix.sub(Matrix.sub(x, W.mmul(m1)), column(BIAS)), W.mmul(C1).mmul(W.transpose()), inverse(NOISE));
  const cross = C12.mmul(A.transpose());
  const between = C1.clone().sub(cross).sub(cross.transpose()).add(A.mmul(C2).mmul(A.transpose()));
  const middle =
    2 * LOG_2PI +
    VARIANCE.reduce((sum, value) => sum + Math.log(value), 0) +
    expected(Matrix.sub(Matrix.sub(m1, A.mmul(m2)), column(SHIFT)), between, Matrix.diag(VARIANCE.map((v) => 1 / v)));
  const top = 2 * LOG_2PI + expected(m2, C2, Matrix.eye(2));
  const entropy = 0.5 * (4 * (LOG_2PI + 1) + logDeterminant(C2) + logDeterminant(own));
  return -0.5 * (likelihood + middle + top) + entropy;
};

const fed = (rows: readonly (readonly number[])[]): Host<BatchInputs> => ({
  index: { shape: [rows.length], data: Int32Array.from(rows.keys()) },
  fields: { x: { shape: [rows.length, SIZES.x], data: Float32Array.from(rows.flat()) } },
});
const ask = (order: Order, parameters: HostTensors, samples: number, check?: (inferred: Inferred) => void) => {
  const { model, store } = twoLayerModel(order);
  const { importance, bound, tight, distortion, rate } = computed(
    engine,
    store,
    { ...store.initialValues(1), ...parameters },
    fed(ROWS),
    (inputs, noise) => {
      const inferred = model.infer(batchOf(inputs), { ...calling(noise.fork("infer")), samples });
      check?.(inferred);
      const evidence = elboTerms(model, batchOf(inputs), inferred, calling(noise.fork("generate")));
      const importance = logImportanceWeights(evidence);
      const [distortion, rate] = [distortionOf(evidence), rateOf(evidence)];
      return {
        importance,
        bound: tf.neg(tf.add(distortion, rate)),
        tight: logMeanExp(importance, 0),
        distortion,
        rate,
      };
    },
  );
  return { importance: importance!, bound: bound!.data, tight: tight!.data, distortion: distortion!, rate: rate! };
};
/** An inference that is off: the exact one with its means moved and its variances changed. */
const off = (order: Order): HostTensors =>
  Object.fromEntries(
    Object.entries(exactInference(order)).map(([name, { shape, data }]) => [
      name,
      { shape, data: Float32Array.from(data, (value, i) => value + (name.endsWith("bias") ? 0.3 - 0.4 * i : 0.15)) },
    ]),
  );

for (const order of ["top-down", "bottom-up"] as const)
  describe(`a hierarchy inferred from the ${order}`, () => {
    test("has two sites of the shapes that the contract states", () => {
      ask(order, GENERATIVE, 7, ({ sites }) => {
        expect(Object.keys(sites).sort()).toEqual(["z1", "z2"]);
        for (const site of Object.values(sites)) {
          expect(site.value.shape).toEqual([7, ROWS.length, 2]);
          expect([site.logQ.shape, site.logP.shape]).toEqual(Array(2).fill([7, ROWS.length]));
          expect(site.klIsExact).toBe(true);
          expect(site.kl().shape).toEqual(site.klElements!().shape.slice(0, -1));
        }
      });
    });

    test("gives codes in the order of the model's latents, whichever is inferred first", () => {
      const q = off(order);
      const { model, store } = twoLayerModel(order);
      const { codes } = computed(engine, store, { ...store.initialValues(1), ...q }, fed(ROWS), (inputs, noise) => {
        const inferred = model.infer(batchOf(inputs), { ...calling(noise), samples: 3 });
        return { codes: posteriorMeans(model, inferred) };
      });
      expect(codes!.shape).toEqual([ROWS.length, SIZES.z1 + SIZES.z2]);
      // The latent that is inferred from x alone has a mean without draws: a linear function of x.
      const [first, at] = order === "top-down" ? ["z2", SIZES.z1] : ["z1", 0];
      ROWS.forEach((row, b) => {
        const bias = matrixOf(q[`encoder/${first}/bias`]!);
        const mean = matrixOf(q[`encoder/${first}/x`]!).mmul(column(row)).add(bias).to1DArray();
        for (const [d, value] of mean.entries()) expect(codes!.data[b * 4 + at + d]).toBeCloseTo(value, 5);
      });
    });

    test("with the exact posterior has equal weights, each the exact log p(x), and a bound that is tight", () => {
      const { importance, bound } = ask(order, { ...GENERATIVE, ...exactInference(order) }, 50);
      expect(importance.shape).toEqual([50, ROWS.length]);
      importance.data.forEach((weight, i) => {
        expect(weight).toBeCloseTo(EXACT[i % ROWS.length]!, 3);
      });
      // The closed form of each layer's divergence still averages over the other's draws.
      bound.forEach((value, i) => {
        expect(Math.abs(value - EXACT[i]!)).toBeLessThan(0.8);
      });
    });

    test("with another posterior lies below, and tends to log p(x) with the number of draws", () => {
      const parameters = { ...GENERATIVE, ...off(order) };
      const few = ask(order, parameters, 20_000);
      few.tight.forEach((value, i) => {
        expect(few.bound[i]!).toBeLessThan(EXACT[i]! - 0.05);
        expect(Math.abs(value - EXACT[i]!)).toBeLessThan(0.02);
      });
    });

    test("trains as a graph as it does eagerly, and logs each layer's divergence by dimension", () => {
      const { model, store } = twoLayerModel(order);
      const uniform = stream(4, "training");
      const data = Float32Array.from({ length: 20 * 6 * SIZES.x }, () => normal(uniform));
      const stepping = stepOf(model, store, (step) => ({
        index: { shape: [6], data: Int32Array.from({ length: 6 }, (_, i) => i) },
        fields: { x: { shape: [6, SIZES.x], data: data.slice(step * 18, step * 18 + 18) } },
      }));
      const [outputs] = runEagerly(engine.noise, stepping, [0]).outputs;
      expect(outputs!["elbo.z1.kl"]!.shape).toEqual([2]);
      expect(outputs!["elbo.z2.kl"]!.shape).toEqual([2]);
      const logged = ["elbo.z1.kl", "elbo.z2.kl"].flatMap((name) => Array.from(outputs![name]!.data));
      expect(logged.reduce((sum, value) => sum + value, 0)).toBeCloseTo(outputs!["elbo.rate"]!.data[0]!, 4);
      expect(drawsOf(engine, stepping, stepping.inputsAt(0))).toHaveLength(2);
      assertNoLeak(engine, stepping);
      if (engine.name !== "native") return;
      const { program, inputsAt } = stepping;
      expect(recordTwice(program, engine.noise, inputsAt(0), { variant: "elbo", other: inputsAt(1) })).toEqual([]);
      const state = assertCapturedLikeEager(engine, stepping);
      for (const { name } of store.parameters) expect(state[name]).not.toEqual(program.initialState.parameters[name]);
    });
  });

describe("the hierarchy's figures", () => {
  test("the bound agrees with its closed form", () => {
    const samples = 20_000;
    const { importance, bound } = ask("top-down", { ...GENERATIVE, ...off("top-down") }, samples);
    ROWS.forEach((row, b) => {
      const expected = closedFormBound(off("top-down"), row);
      const weights = Array.from({ length: samples }, (_, s) => importance.data[s * ROWS.length + b]!);
      const mean = weights.reduce((sum, value) => sum + value, 0) / samples;
      const deviation = Math.sqrt(weights.reduce((sum, value) => sum + (value - mean) ** 2, 0) / samples);
      expect(Math.abs(mean - expected)).toBeLessThan((5 * deviation) / Math.sqrt(samples));
      expect(Math.abs(bound[b]! - expected)).toBeLessThan((5 * deviation) / Math.sqrt(samples));
    });
    // Where q is exact the bound is log p(x) itself: of the closed form, too.
    for (const [b, row] of ROWS.entries())
      expect(closedFormBound(exactInference("top-down"), row)).toBeCloseTo(EXACT[b]!, 5);
  });

  test("draws from the prior are ancestral: z1 has the covariance A A' + S1, and depends on z2 by A", () => {
    const { model, store } = twoLayerModel("top-down");
    const count = 20_000;
    const { z1, z2 } = computed(engine, store, { ...store.initialValues(1), ...GENERATIVE }, {}, (_, noise) => ({
      ...model.samplePrior(count, calling(noise)),
    }));
    expect([z1!.shape, z2!.shape]).toEqual(Array(2).fill([count, 2]));
    for (const j of [0, 1]) {
      const values = Array.from(
        { length: count },
        (_, i) => [z1!.data[2 * i + j]! - SHIFT[j]!, z2!.data[2 * i + j]!] as const,
      );
      const mean = (of: (one: number, two: number) => number): number =>
        values.reduce((sum, [one, two]) => sum + of(one, two), 0) / count;
      const variance = PRIOR_COVARIANCE.get(j, j);
      expect(Math.abs(mean((one) => one))).toBeLessThan(5 * Math.sqrt(variance / count));
      expect(Math.abs(mean((one) => one * one) - variance)).toBeLessThan(5 * variance * Math.sqrt(2 / count));
      const spread = Math.sqrt((variance + A.get(j, j) ** 2) / count);
      expect(Math.abs(mean((one, two) => one * two) - A.get(j, j))).toBeLessThan(5 * spread);
    }
  });
});
