/** Models of several latents as a spec describes them: bounds, densities, samples, and their gradients. */
import { beforeAll, describe, expect, test } from "vitest";
import type { HostTensors } from "../../src/contracts/program.js";
import type { Engine } from "../../src/engine/engine.js";
import {
  distortionOf,
  elboTerms,
  expectation,
  klByDimension,
  logImportanceWeights,
  posteriorMeans,
  rateOf,
} from "../../src/inference/elbo-terms.js";
import { batchOf } from "../../src/inference/step.js";
import { mapValues } from "../../src/numerics/records.js";
import { meanAndError } from "../../src/numerics/statistics.js";
import { normal, stream } from "../../src/numerics/streams.js";
import { tf } from "../../src/tensor/tensor.js";
import { loadWritten, type SetUp, setUp } from "../../src/testing/experiment.js";
import { assertAllFinite, assertCapturedLikeEager, runEagerly } from "../../src/testing/steps.js";
import { computed } from "../contracts/support/programs.js";
import { calling } from "../support/calls.js";
import { useEngine } from "../support/engine.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const category = {
  shape: [3],
  posterior: "categorical",
  prior: { type: "categorical", probabilities: "learned" },
  enumerate: true,
};
const own = { encoder: { type: "mlp", hidden: [4] } };
const MODELS: Readonly<Record<string, object>> = {
  ladder: {
    latents: {
      z1: {
        size: 2,
        inferredFrom: ["x", "z2"],
        generatedFrom: ["z2"],
        prior: { type: "gaussian", hidden: [4] },
        ...own,
      },
      z2: { size: 3 },
    },
    generatedFrom: ["z1"],
  },
  chain: {
    latents: { z1: { size: 2, generatedFrom: ["z2"] }, z2: { size: 3, inferredFrom: ["z1"], ...own } },
    generatedFrom: ["z1"],
  },
  "mixture of Gaussians": {
    latents: { y: category, z: { size: 2, inferredFrom: ["x", "y"], generatedFrom: ["y"] } },
    generatedFrom: ["z"],
  },
  "category of a draw": {
    latents: { z: { size: 2, generatedFrom: ["y"] }, y: { ...category, inferredFrom: ["z"] } },
    generatedFrom: ["z"],
  },
  "two categories": {
    latents: {
      y: category,
      w: { ...category, shape: [2], inferredFrom: ["x", "y"] },
      z: { size: 2, inferredFrom: ["x", "w"] },
    },
  },
};

const ask = ({ assembled, inputsAt }: SetUp, samples: number): HostTensors => {
  const { model, store, initialValues } = assembled;
  return computed(engine, store, initialValues, inputsAt(0), (fed, noise) => {
    const batch = batchOf(fed);
    const inferred = model.infer(batch, { ...calling(noise.fork("infer")), samples });
    const evidence = elboTerms(model, batch, inferred, calling(noise.fork("generate")));
    const parts = Object.values(inferred.sites).flatMap(({ name, kl }) => {
      const byDimension = klByDimension(inferred, name);
      return byDimension
        ? [[`parts ${name}`, tf.sum(byDimension, 1)] as const, [`kl ${name}`, expectation(kl(), evidence)] as const]
        : [];
    });
    const importance = logImportanceWeights(evidence);
    return {
      elbo: tf.neg(tf.add(distortionOf(evidence), rateOf(evidence))),
      weights: tf.sum(tf.exp(evidence.logWeights), 0),
      // The axis has as many rows a draw as the supports have values.
      bound: tf.sub(tf.logSumExp(importance, 0), Math.log(samples)),
      // Summed over the rows of each draw, [S, B].
      draws: tf.logSumExp(tf.reshape(importance, [samples, -1, 6]), 1),
      means: posteriorMeans(model, inferred),
      ...Object.fromEntries(parts),
      ...Object.fromEntries(Object.values(inferred.sites).map(({ name, value }) => [`value ${name}`, value])),
    };
  });
};

/** With every weight moved, so that each latent matters to the others: E_q[ln q - ln p] of each draw less its KL, [S, B]. */
const elboOfDraws = ({ assembled, inputsAt }: SetUp, samples: number): HostTensors => {
  const { model, store, initialValues } = assembled;
  const moved = mapValues(initialValues, ({ shape, data }, name) => {
    const uniform = stream(1, `moved/${name}`);
    return { shape, data: data.map((value) => value + 0.5 * normal(uniform)) };
  });
  return computed(engine, store, moved, inputsAt(0), (fed, noise) => {
    const batch = batchOf(fed);
    const inferred = model.infer(batch, { ...calling(noise.fork("infer")), samples });
    const { logWeights } = elboTerms(model, batch, inferred, calling(noise.fork("generate")));
    const differences = Object.values(inferred.sites).map(({ logQ, logP, kl }) => tf.sub(tf.sub(logQ, logP), kl()));
    const total = differences.reduce((sum, each) => tf.add(sum, each));
    const weighted = tf.mul(tf.mul(tf.exp(logWeights), samples), total);
    return { difference: tf.sum(tf.reshape(weighted, [samples, -1, 6]), 1) };
  });
};

for (const [name, model] of Object.entries(MODELS))
  describe(`a ${name}`, () => {
    let made: SetUp;
    beforeAll(async () => {
      made = await setUp(await loadWritten({ model }));
    });

    test("trains with finite losses, every parameter has a gradient, and capture computes what eager steps do", () => {
      assertAllFinite(runEagerly(engine.noise, made, [0, 1, 2]).outputs[2]!);
      // The outputs of a conditioned prior begin at zero, so its hidden units move from the second step on.
      const { state } = runEagerly(engine.noise, made, [0, 1, 2]);
      for (const [parameter, { data }] of Object.entries(made.assembled.initialValues))
        expect([parameter, state[parameter]!.data.some((value, i) => value !== data[i])]).toEqual([parameter, true]);
      assertCapturedLikeEager(engine, made);
    });

    test("has an ELBO that is the mean of its log-weights, whatever KLs have a closed form", () => {
      const { difference } = elboOfDraws(made, 4000);
      for (let b = 0; b < 6; b++) {
        const of = Array.from({ length: 4000 }, (_, s) => difference!.data[s * 6 + b]!);
        const { mean, standardError } = meanAndError(of);
        expect(Math.abs(mean)).toBeLessThan(4.5 * standardError + 1e-4);
      }
    });

    test("weighs its values by probabilities that sum to 1", () => {
      for (const total of ask(made, 3).weights!.data) expect(total).toBeCloseTo(1, 5);
    });

    test("has an importance-weighted bound no lower than its ELBO, by far more than the error of its draws", () => {
      const { elbo, bound } = ask(made, 400);
      const gaps = Array.from(elbo!.data, (value, i) => bound!.data[i]! - value);
      for (const gap of gaps) expect(gap).toBeGreaterThan(-0.2);
      expect(Math.max(...gaps)).toBeGreaterThan(0);
    });

    test("gives codes of all latents in the order of the spec", () => {
      const sizes = Object.values(made.assembled.model.latents).map(([size]) => size!);
      expect(ask(made, 2).means!.shape).toEqual([6, sizes.reduce((sum, size) => sum + size, 0)]);
    });

    test("has KLs by dimension that add up to the latent's KL", () => {
      const outputs = ask(made, 3);
      const latents = Object.keys(made.assembled.model.latents).filter((latent) => outputs[`parts ${latent}`]);
      expect(latents).toEqual(expect.arrayContaining(["z" in made.assembled.model.latents ? "z" : "z2"]));
      for (const latent of latents)
        for (const [i, kl] of outputs[`kl ${latent}`]!.data.entries())
          expect(outputs[`parts ${latent}`]!.data[i]).toBeCloseTo(kl, 4);
    });

    test("draws every latent from its prior", () => {
      const { model: built, store, initialValues } = made.assembled;
      const drawn = computed(engine, store, initialValues, {}, (_, noise) => built.samplePrior(5, calling(noise)));
      for (const [latent, shape] of Object.entries(built.latents)) expect(drawn[latent]!.shape).toEqual([5, ...shape]);
    });
  });

test("latents that are generated from a changed one follow it, and no others", async () => {
  const made = await setUp(await loadWritten({ model: MODELS.ladder! }));
  const { model, store } = made.assembled;
  // The outputs of a conditioned prior begin at zero, and depend on z2 after a few steps.
  const { state } = runEagerly(engine.noise, made, [0, 1, 2, 3]);
  const trained = Object.fromEntries(store.parameters.map(({ name }) => [name, state[name]!]));
  const found = computed(engine, store, trained, {}, (_, noise) => {
    const drawn = model.samplePrior(3, calling(noise.fork("prior")));
    const [first, second] = [tf.slice(drawn.z2!, [0, 0], [1, 3]), tf.slice(drawn.z2!, [1, 0], [1, 3])];
    const values = { z1: drawn.z1!, z2: tf.concat([first, first, second], 0) };
    const above = model.follow!(values, "z2", calling(noise.fork("above")));
    const below = model.follow!(values, "z1", calling(noise.fork("below")));
    return { before: values.z1, z2: values.z2, z1: above.z1!, kept: above.z2!, z1Below: below.z1!, z2Below: below.z2! };
  });
  const rows = Array.from({ length: 3 }, (_, i) => Array.from(found.z1!.data.slice(2 * i, 2 * i + 2)));
  expect(rows[0]).toEqual(rows[1]);
  expect(rows[0]).not.toEqual(rows[2]);
  expect(found.z1!.data).not.toEqual(found.before!.data);
  expect(found.kept!.data).toEqual(found.z2!.data);
  expect([found.z1Below!.data, found.z2Below!.data]).toEqual([found.before!.data, found.z2!.data]);
});

/** ln of the mean of exp of a column, and its standard error to first order. */
const estimate = (logs: ArrayLike<number>, count: number, column: number): { value: number; error: number } => {
  const weights = Array.from({ length: count }, (_, s) => Math.exp(logs[s * 6 + column]! + 10));
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / count;
  const variance = weights.reduce((sum, weight) => sum + (weight - mean) ** 2, 0) / (count - 1);
  return { value: Math.log(mean), error: Math.sqrt(variance / count) / mean };
};

test("a mixture of Gaussians that is summed over is the sum over its categories", async () => {
  const made = await setUp(await loadWritten({ model: MODELS["mixture of Gaussians"]! }));
  const { model, store, initialValues } = made.assembled;
  // ln p(x) = ln E_{z ~ p} p(x | z), estimated with draws from the prior alone, which enumerates nothing.
  const DRAWS = 20_000;
  const inputs = made.inputsAt(0);
  const { logProb } = computed(engine, store, initialValues, inputs, (fed, noise) => {
    const values = model.samplePrior(DRAWS, calling(noise.fork("prior")));
    const each = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, tf.expandDims(value, 1)]));
    const p = model.generate(each, calling(noise.fork("generate")));
    return { logProb: p.logProb(batchOf(fed).fields.x!) };
  });
  const SAMPLES = 6000;
  const { draws } = ask(made, SAMPLES);
  for (let b = 0; b < 6; b++) {
    const [byPrior, byPosterior] = [estimate(logProb!.data, DRAWS, b), estimate(draws!.data, SAMPLES, b)];
    const error = Math.hypot(byPrior.error, byPosterior.error);
    expect(Math.abs(byPrior.value - byPosterior.value)).toBeLessThan(5 * error);
    expect(error).toBeLessThan(0.05);
  }
});
