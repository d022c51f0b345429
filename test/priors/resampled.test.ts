import { beforeAll, describe, expect, it } from "vitest";
import { Resampled } from "../../src/distributions/index.js";
import type { Engine } from "../../src/engine/engine.js";
import { resampled } from "../../src/priors/index.js";
import { type Bindings, ParameterStore } from "../../src/tensor/parameters.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import { loadWritten, setUp } from "../../src/testing/experiment.js";
import { assertCapturedLikeEager } from "../../src/testing/steps.js";
import fixtures from "../fixtures/priors.json" with { type: "json" };
import { calling } from "../support/calls.js";
import { build, initialBindings, parameterGradients } from "../support/components.js";
import { useEngine } from "../support/engine.js";
import { differences, expectClose, noiseOf, tensorOf, valuesOf } from "../support/tensors.js";
import { priorContext, withoutEncoder } from "./calls.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const { weights, bias, output, outputBias, mean, value, logProb } = fixtures.resampled;
const bindingsOf = (): Bindings => ({
  "prior/acceptance/dense-0/weights": tensorOf(weights),
  "prior/acceptance/dense-0/bias": tensorOf(bias),
  "prior/acceptance/output/weights": tensorOf(output.map((each) => [each])),
  "prior/acceptance/output/bias": tensorOf(outputBias),
});
const priorWith = (fields: object) => {
  const store = new ParameterStore();
  const prior = build(resampled, { hidden: [3], ...fields }, priorContext(store, { latent: [2] }));
  return { prior, store };
};

describe.each([2, 30] as const)("the resampled prior, truncated after %i proposals,", (truncation) => {
  const expected = logProb[`${truncation}`];

  it("has the density by SciPy: exactly where Z is, else as closely as Z is estimated", () => {
    const { prior, store } = priorWith({ truncation });
    const p = store.bind(bindingsOf(), () => prior.at(withoutEncoder));
    expect([p.batchShape, p.eventShape]).toEqual([[], [2]]);
    expectClose(p.logProb(tensorOf(value)), expected, 1e-3);
    const logOdds = (z: Tensor): Tensor => {
      const units = tf.tanh(tf.add(tf.matMul(z, tensorOf(weights)), tensorOf(bias)));
      return tf.add(tf.squeeze(tf.matMul(units, tensorOf(output.map((each) => [each]))), [-1]), tensorOf(outputBias));
    };
    const exact = new Resampled({ logOdds, truncation, logMean: () => tf.scalar(Math.log(mean)) }, [2]);
    expectClose(exact.logProb(tensorOf(value)), expected);
  });

  it("estimates Z from fresh draws in training", () => {
    const { prior, store } = priorWith({ truncation, samples: 40_000 });
    const scores = [0, 1].map((step) => {
      const call = { ...calling(noiseOf(engine, 1, step)), training: true };
      return store.bind(bindingsOf(), () => prior.at({ ...withoutEncoder, call }).logProb(tensorOf(value)));
    });
    // The standard deviation of a(z) is at most 1/2.
    const error = (5 * 0.5) / Math.sqrt(40_000) / mean;
    for (const score of scores) expectClose(score, expected, error);
    expect(valuesOf(scores[0]!)).not.toEqual(valuesOf(scores[1]!));
  });

  it("learns its network", () => {
    const { prior, store } = priorWith({ truncation, evaluationSamples: 64 });
    const loss = (): Tensor => tf.mean(prior.at(withoutEncoder).logProb(tensorOf(value.slice(0, 5))));
    const bindings = bindingsOf();
    const gradients = parameterGradients(store, bindings, loss);
    expect(Object.keys(gradients)).toEqual(Object.keys(bindings));
    for (const [name, gradient] of Object.entries(gradients)) {
      const slopes = differences((moved) => store.bind({ ...bindings, [name]: moved }, loss), bindings[name]!);
      expectClose(tf.reshape(gradient, [-1]), valuesOf(slopes), 2e-3);
      expect(Math.max(...valuesOf(tf.abs(gradient)))).toBeGreaterThan(1e-3);
    }
  });

  it("draws what its density says", () => {
    const { prior, store } = priorWith({ truncation });
    const draws = store.bind(bindingsOf(), () => prior.at(withoutEncoder).sample(noiseOf(engine), "z", [20_000]));
    const rows = draws.arraySync() as number[][];
    // Masses of half-planes, by midpoints of cells of 0.1 by 0.1.
    const points = Array.from({ length: 121 * 121 }, (_, i) => [
      (i % 121) / 10 - 6.05,
      Math.floor(i / 121) / 10 - 6.05,
    ]);
    const masses = valuesOf(store.bind(bindingsOf(), () => tf.exp(prior.at(withoutEncoder).logProb(tensorOf(points)))));
    for (const [k, sign] of [
      [0, 1],
      [1, 1],
      [0, -1],
    ] as const) {
      const isInside = (z: readonly number[]): boolean => sign * z[k]! > 0.3;
      const mass = points.reduce((sum, z, i) => sum + (isInside(z) ? masses[i]! / 100 : 0), 0);
      const frequency = rows.filter(isInside).length / rows.length;
      expect(Math.abs(frequency - mass)).toBeLessThan(5 * 0.5 * Math.sqrt(1 / 20_000));
    }
  });
});

it("begins nearly as N(0, I): all acceptances are nearly alike", () => {
  const { prior, store } = priorWith({});
  const p = store.bind(initialBindings(store), () => prior.at(withoutEncoder));
  const squares = value.slice(0, 6).map(([x, y]) => x! * x! + y! * y!);
  expectClose(
    p.logProb(tensorOf(value.slice(0, 6))),
    squares.map((square) => -Math.log(2 * Math.PI) - square / 2),
    0.05,
  );
});

it("is a prior in a spec, captured as it is eagerly", async () => {
  const made = await setUp(await loadWritten({ model: { prior: { type: "resampled", hidden: [4], samples: 7 } } }));
  assertCapturedLikeEager(engine, made);
});
