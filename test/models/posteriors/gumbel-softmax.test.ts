/** Relaxed in training; a categorical, and no less, in every figure. */
import { beforeAll, describe, expect, test } from "vitest";
import { eagerRunner } from "../../../src/engine/eager.js";
import type { Engine } from "../../../src/engine/engine.js";
import { metricContext } from "../../../src/experiments/evaluation/metric-context.js";
import { batchOf } from "../../../src/inference/step.js";
import { elbo } from "../../../src/metrics/likelihood/elbo.js";
import { iwaeNll } from "../../../src/metrics/likelihood/iwae-nll.js";
import { gumbelSoftmax } from "../../../src/models/posteriors/gumbel-softmax.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { type Tensor, tf } from "../../../src/tensor/tensor.js";
import { loadWritten, type SetUp, setUp } from "../../../src/testing/experiment.js";
import { namedOutputs } from "../../../src/testing/steps.js";
import { computed } from "../../contracts/support/programs.js";
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { measure } from "../../support/measure.js";
import { named } from "../../support/schedules.js";
import { expectClose, noiseOf, tensorOf, valuesOf } from "../../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const [K, B] = [3, 5];
const latents = (posterior: object, shape: readonly number[] = [K]) => ({
  z: {
    shape,
    posterior: { type: "gumbel-softmax", ...posterior },
    prior: { type: "categorical", probabilities: "learned" },
  },
});
/** Its weights moved from the start, so that q and p are far from uniform. */
const modelOf = async (posterior: object, shape?: readonly number[]): Promise<SetUp> => {
  const made = await setUp(await loadWritten({ model: { latents: latents(posterior, shape) } }));
  const { initialValues } = made.assembled;
  for (const [name, { data }] of Object.entries(initialValues))
    if (/logits/.test(name)) for (let i = 0; i < data.length; i++) data[i]! += 2 * Math.sin(7 * i + 1);
  return made;
};

/** By example of the test split: ln q(k | x), ln p(k) and ln p(x | k), each [K], by enumeration. */
const enumerated = ({ assembled, dataset }: SetUp) => {
  const { model, store, initialValues } = assembled;
  const x = dataset.split("test", "evaluation").read([0, 1, 2, 3, 4]).x!;
  const fields = { x: { shape: [B, ...dataset.fields.x!.shape], data: x } };
  const index = { shape: [B], data: Int32Array.from({ length: B }, (_, i) => i) };
  const { q, p, likelihood } = computed(engine, store, initialValues, { fields, index }, (fed, noise) => {
    const { z } = model.infer(batchOf(fed), { ...calling(noise), samples: 1 }).sites;
    const values = tf.broadcastTo(tf.expandDims(tf.eye(K), 1), [K, B, K]);
    const generated = model.generate({ z: values }, calling(noise));
    return { q: z!.q.logProb(values), p: z!.p.logProb(values), likelihood: generated.logProb(fed.fields.x!) };
  });
  return Array.from({ length: B }, (_, b) =>
    [q!, p!, likelihood!].map(({ data }) => Array.from({ length: K }, (_, k) => data[k * B + b]!)),
  ) as [number[], number[], number[]][];
};

describe.each([{}, { straightThrough: true }, { rate: "relaxed" }])("with %j, what is reported", (fields) => {
  test("is the rate, the bound and the likelihood of the discrete model, by enumeration", async () => {
    const made = await modelOf(fields);
    const { assembled, dataset } = made;
    const { model, store, initialValues: parameters } = assembled;
    const trained = { model, store, parameters, dataset, seed: 1, runner: eagerRunner(engine.noise) };
    const context = metricContext(trained, "test", {});
    const [bound, nll] = [
      await measure(elbo, { samples: 500 }, context),
      await measure(iwaeNll, { samples: 2000 }, context),
    ];
    for (const [b, [q, p, likelihood]] of enumerated(made).entries()) {
      const weights = q.map(Math.exp);
      const rate = weights.reduce((sum, w, k) => sum + w * (q[k]! - p[k]!), 0);
      const ratios = q.map((_, k) => likelihood[k]! + p[k]! - q[k]!);
      const exact = ratios.reduce((sum, each, k) => sum + weights[k]! * each, 0);
      const spread = Math.sqrt(weights.reduce((sum, w, k) => sum + w * (likelihood[k]! + exact) ** 2, 0));
      expect(rate).toBeGreaterThan(0.005);
      expect(bound.perExample.rate![b]).toBeCloseTo(rate, 4);
      expect(Math.abs(bound.perExample.elbo![b]! - exact)).toBeLessThan((5 * spread) / Math.sqrt(500));
      const logLikelihood = Math.log(likelihood.reduce((sum, each, k) => sum + Math.exp(each + p[k]!), 0));
      // The deviation of a weight from their mean, p(x), in units of it.
      const deviation = Math.sqrt(
        weights.reduce((sum, w, k) => sum + w * Math.expm1(ratios[k]! - logLikelihood) ** 2, 0),
      );
      expect(Math.abs(nll.perExample.nll![b]! + logLikelihood)).toBeLessThan((5 * deviation) / Math.sqrt(2000));
    }
  });
});

describe("training", () => {
  const posteriorOf = (fields: object, latent: number[]) => {
    const store = new ParameterStore();
    const context = { features: { features: [2] }, latent, parameters: store.scope("q") };
    const posterior = build(gumbelSoftmax, { ...fields, temperature: named("t", 0.7) }, context);
    const bindings = {
      "q/logits/weights": tensorOf([
        [1, 0, -1, 2],
        [0, 1, 1, 0],
      ]),
      "q/logits/bias": tensorOf([0, 0, 1, 0]),
    };
    return (training: boolean, features: Tensor = tensorOf([[1, 2]])) =>
      store.bind(bindings, () => posterior.at({ features }, { parents: {}, call: calling(noiseOf(engine), training) }));
  };
  const gradientOf = (fields: object): number[] => {
    const at = posteriorOf(fields, [4]);
    const loss = (x: Tensor): Tensor =>
      tf.sum(tf.mul(at(true, x).sample(noiseOf(engine), "z", [50]), tensorOf([1, -2, 3, 5])));
    return valuesOf(tf.grad(loss)(tensorOf([[1, 2]])));
  };

  test("draws inside the simplex, with the gradient of the features", () => {
    const draws = posteriorOf({}, [2, 2])(true).sample(noiseOf(engine), "z", [200]);
    for (const sum of valuesOf(tf.sum(draws, -1))) expect(sum).toBeCloseTo(1, 5);
    expect(valuesOf(draws).filter((value) => value > 0.01 && value < 0.99).length).toBeGreaterThan(100);
    expect(gradientOf({}).every((each) => Math.abs(each) > 1e-3)).toBe(true);
  });

  test("straight through, draws exact one-hot vectors with the gradient of the relaxed ones", () => {
    const fields = { straightThrough: true };
    const draws = posteriorOf(fields, [4])(true).sample(noiseOf(engine), "z", [500]);
    expect(valuesOf(draws).filter((value) => value === 1)).toHaveLength(500);
    expect(valuesOf(draws).filter((value) => value === 0)).toHaveLength(1500);
    expect(gradientOf(fields)).toEqual(gradientOf({}));
  });

  test("and outside of it, draws are one-hot with the probabilities of the softmax", () => {
    const q = posteriorOf({}, [4])(false);
    expect(q.discrete).toBe(true);
    expectClose(q.mean!(), [softmax([1, 2, 2, 2])], 1e-6);
    const draws = valuesOf(q.sample(noiseOf(engine), "z", [100]));
    expect(draws.every((value) => value === 0 || value === 1)).toBe(true);
  });

  test.each([{}, { rate: "relaxed" }, { straightThrough: true }])(
    "logs a rate that is finite, with %j",
    async (fields) => {
      const made = await modelOf(fields, [2, K]);
      const running = eagerRunner(engine.noise).start(made.program);
      const { "elbo.rate": rate, "elbo.loss": loss } = namedOutputs(running.call(made.inputsAt(0), made.variantAt(0)));
      running.dispose();
      expect(Number.isFinite(loss!.data[0])).toBe(true);
      expect(rate!.data[0]).toBeGreaterThan(0);
    },
  );
});

const softmax = (logits: readonly number[]): number[] => {
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
  return logits.map((logit) => Math.exp(logit) / total);
};

describe("a spec", () => {
  const written = (posterior: object, more: object = {}) =>
    loadWritten({ model: { latents: { z: { ...latents(posterior).z, ...more } } } });

  test.each([
    [{ temperature: 0 }, 'a temperature must be positive, and "value" is 0'],
    [{ temperature: { type: "linear", initial: 1, final: 0 } }, '"final" is 0'],
    [{ straightThrough: true, rate: "relaxed" }, "have no relaxed density"],
  ])("is refused with %j", async (fields, message) => {
    await expect(written(fields)).rejects.toMatchObject({
      code: "SPEC_COMBINATION",
      message: expect.stringContaining(message),
    });
  });

  test("is refused with a prior over other values", async () => {
    await expect(written({}, { prior: "gaussian" })).rejects.toMatchObject({
      message: expect.stringContaining(
        'the prior "gaussian" is over real values, and the posterior "gumbel-softmax" gives one-hot ones',
      ),
    });
  });
});
