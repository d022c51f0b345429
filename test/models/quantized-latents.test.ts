/** Latents whose values stand for codes: the prior scores the codes, networks see the values, and every figure is exact. */
import { beforeAll, describe, expect, test } from "vitest";
import type { HostTensors } from "../../src/contracts/program.js";
import { capturedRunner } from "../../src/engine/capture/runner.js";
import { eagerRunner } from "../../src/engine/eager.js";
import type { Engine } from "../../src/engine/engine.js";
import { metricContext } from "../../src/experiments/evaluation/metric-context.js";
import { refitEncoder } from "../../src/experiments/evaluation/refit.js";
import { innerAdam } from "../../src/experiments/training/inner-optimizer.js";
import { elboTerms, logImportanceWeights, rateOf } from "../../src/inference/elbo-terms.js";
import { batchOf } from "../../src/inference/step.js";
import { elbo } from "../../src/metrics/likelihood/elbo.js";
import { iwaeNll } from "../../src/metrics/likelihood/iwae-nll.js";
import { inferenceNames } from "../../src/models/latent-variable-model.js";
import { tf } from "../../src/tensor/tensor.js";
import { loadWritten, type SetUp, setUp } from "../../src/testing/experiment.js";
import { assertAllFinite, namedOutputs, runEagerly } from "../../src/testing/steps.js";
import { computed } from "../contracts/support/programs.js";
import { calling } from "../support/calls.js";
import { useEngine } from "../support/engine.js";
import { measure } from "../support/measure.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const [K, L, D] = [4, 3, 2];
const vq = { type: "vector-quantized", codes: K };
const rq = { type: "residual-quantized", codes: K, levels: 2 };
const learned = { type: "categorical", probabilities: "learned" };
const modelOf = (posterior: object, prior: object = learned, more: object = {}) =>
  loadWritten({ model: { latents: { z: { shape: [L, D], posterior, prior } } }, ...more }).then((each) => setUp(each));
/** Trained for some steps, so that no prior is uniform and no codebook where it started. */
const trainedOn = async (posterior: object, prior?: object): Promise<SetUp & { parameters: HostTensors }> => {
  const made = await modelOf(posterior, prior);
  const { state } = runEagerly(engine.noise, made, [0, 1, 2, 3, 4, 5]);
  const names = Object.keys(made.assembled.initialValues);
  return { ...made, parameters: Object.fromEntries(names.map((name) => [name, state[name]!])) };
};
const evaluatedBy = ({ assembled, dataset, parameters }: Awaited<ReturnType<typeof trainedOn>>) => {
  const { model, store } = assembled;
  const trained = { model, store, parameters, dataset, seed: 1, runner: eagerRunner(engine.noise) };
  return metricContext(trained, "test", { refitted: () => Promise.reject(new Error("nothing is to be refitted")) });
};

describe.each([vq, rq])("a model with $type codes", (posterior) => {
  const perVector = "levels" in posterior ? 2 : 1;

  test("has the rate -ln p(codes), summed over the codes: L ln K under a uniform prior", async () => {
    const made = await trainedOn(posterior, { type: "categorical" });
    const { perExample } = await measure(elbo, { samples: 2 }, evaluatedBy(made));
    for (const rate of perExample.rate!) expect(rate).toBeCloseTo(L * perVector * Math.log(K), 4);
  });

  test("has the bound ln p(x | codes) + ln p(codes), by what the decoder and the prior say of them", async () => {
    const made = await trainedOn(posterior);
    const { model, store } = made.assembled;
    const { bound, direct, rate } = computed(engine, store, made.parameters, made.inputsAt(0), (fed, noise) => {
      const batch = batchOf(fed);
      const inferred = model.infer(batch, { ...calling(noise.fork("infer")), samples: 3 });
      const evidence = elboTerms(model, batch, inferred, calling(noise.fork("generate")));
      const { z } = inferred.sites;
      // One value of each code, as generation has it.
      const logP = tf.sum(tf.mul(z!.codes!, tf.log(z!.p.mean!())), [2, 3]);
      const logLikelihood = model.generate({ z: z!.value }, calling(noise)).logProb(batch.fields.x!);
      return { bound: logImportanceWeights(evidence), direct: tf.add(logP, logLikelihood), rate: rateOf(evidence) };
    });
    for (const [i, value] of bound!.data.entries()) expect(value).toBeCloseTo(direct!.data[i]!, 4);
    expect(Math.min(...rate!.data)).toBeGreaterThan(0);
  });

  test("has an NLL that is said to be a bound, equal to the negative ELBO, for which nothing is refitted", async () => {
    const context = evaluatedBy(await trainedOn(posterior));
    const bound = await measure(elbo, { samples: 2 }, context);
    const { measurements, perExample } = await measure(iwaeNll, { samples: 20 }, context);
    perExample.nll!.forEach((nll, i) => {
      expect(nll).toBeCloseTo(-bound.perExample.elbo![i]!, 4);
    });
    expect(measurements.nll).toMatchObject({ bound: "upper", encoder: "training" });
    expect(measurements.nll!.note).toContain("certain of its codes");
    expect(measurements.effectiveSampleSize).toMatchObject({ value: null, note: "all draws are the same" });
  });

  test("draws codes from the prior, and sees them as the vectors of the codebook", async () => {
    const { assembled, parameters } = await trainedOn(posterior);
    const { model, store } = assembled;
    const { z } = computed(engine, store, parameters, {}, (_, noise) => ({ ...model.samplePrior(50, calling(noise)) }));
    expect(z!.shape).toEqual([50, L, D]);
    const books = Array.from({ length: perVector }, (_, i) => parameters[`latents/z/posterior/codebook-${i}/vectors`]!);
    const vectors = (book: (typeof books)[number]) =>
      Array.from({ length: K }, (_, k) => Array.from(book.data.slice(k * D, (k + 1) * D)));
    const sums = books
      .map(vectors)
      .reduce((all, next) => all.flatMap((a) => next.map((b) => a.map((value, d) => value + b[d]!))));
    for (let i = 0; i < 50 * L; i++) {
      const value = Array.from(z!.data.slice(i * D, (i + 1) * D));
      expect(sums.some((sum) => sum.every((each, d) => Math.abs(each - value[d]!) < 1e-5))).toBe(true);
    }
  });

  test("trains its prior without moving anything else: the rate has no gradient in encoder, codebook and decoder", async () => {
    const steps = async (beta: number) => {
      const made = await modelOf(posterior, learned, { objective: { type: "elbo", beta } });
      return runEagerly(engine.noise, made, [0, 1, 2]).state;
    };
    const [weighted, half] = [await steps(1), await steps(0.5)];
    const fixed = Object.keys(weighted).filter((name) => /^(encoder|decoder|latents\/z\/posterior)\/[^.]*$/.test(name));
    expect(fixed).toContain("encoder/dense-0/weights");
    for (const name of fixed) expect([name, half[name]!.data]).toEqual([name, weighted[name]!.data]);
    expect(weighted["latents/z/prior/logits"]!.data).not.toEqual(new Float32Array(L * perVector * K));
  });

  test("moves its codebook in training alone, and a refit leaves it as it is", async () => {
    const made = await trainedOn(posterior);
    const { assembled, dataset, builder, parameters } = made;
    const inferring = inferenceNames(assembled.store);
    expect([...inferring].filter((name) => name.includes("codebook"))).toEqual([]);
    expect([...inferring]).toContain("latents/z/posterior/vectors/weights");
    const before = structuredClone(parameters);
    const optimizer = await innerAdam(builder, 0.01, "/refit");
    for (const runner of [eagerRunner(engine.noise), capturedRunner(engine, { mode: "auto" })]) {
      const refitted = await refitEncoder(
        { ...assembled, dataset, seed: 1, parameters, runner },
        { epochs: 1, learningRate: 0.01, batchSize: 6, optimizer },
      );
      expect(Object.keys(refitted).sort()).toEqual([...inferring].sort());
    }
    expect(parameters).toEqual(before);
    const name = "latents/z/posterior/codebook-0/vectors";
    expect(parameters[name]!.data).not.toEqual(assembled.initialValues[name]!.data);
  });
});

test("two latents with codes add losses under names of their own", async () => {
  const z = { shape: [L, D], posterior: { ...vq, update: "loss", restart: 0 }, prior: "categorical" };
  const made = await setUp(
    await loadWritten({ model: { latents: { a: z, b: { ...z, posterior: { ...vq, restart: 0.1 } } } } }),
  );
  const running = eagerRunner(engine.noise).start(made.program);
  const outputs = namedOutputs(running.call(made.inputsAt(0), made.variantAt(0)));
  running.dispose();
  expect(Object.keys(outputs)).toEqual(
    expect.arrayContaining(["elbo.a.commitment", "elbo.a.codebook", "elbo.b.commitment"]),
  );
});

test("a latent that depends on codes sees their vectors, and codes that depend on a latent have a prior that does", async () => {
  const codes = { shape: [L, D], posterior: vq, prior: { type: "categorical", hidden: [4] } };
  const ladder = {
    top: { size: 2 },
    codes: { ...codes, inferredFrom: ["x", "top"], generatedFrom: ["top"] },
    low: { size: 2, inferredFrom: ["x", "codes"], generatedFrom: ["codes"], prior: { type: "gaussian", hidden: [4] } },
  };
  const made = await setUp(await loadWritten({ model: { latents: ladder, generatedFrom: ["low", "codes"] } }));
  const { state } = runEagerly(engine.noise, made, [0, 1, 2]);
  for (const [name, { data }] of Object.entries(made.assembled.initialValues))
    expect([name, state[name]!.data.some((value, i) => value !== data[i])]).toEqual([name, true]);
});

test("discrete latents that follow another in generation have the likeliest values of their priors", async () => {
  const latents = {
    z: { size: 2 },
    y: {
      shape: [2, 3],
      posterior: "gumbel-softmax",
      prior: { type: "categorical", hidden: [4] },
      generatedFrom: ["z"],
    },
    c: { shape: [L, D], posterior: vq, prior: { type: "categorical", hidden: [4] }, generatedFrom: ["z"] },
    a: { shape: [L, D], posterior: vq, prior: { type: "autoregressive", hidden: [4] }, generatedFrom: ["c"] },
  };
  const made = await setUp(await loadWritten({ model: { latents } }));
  const { state } = runEagerly(engine.noise, made, [0, 1, 2]);
  const { model, store } = made.assembled;
  const parameters = Object.fromEntries(Object.keys(made.assembled.initialValues).map((name) => [name, state[name]!]));
  const { y, c, a } = computed(engine, store, parameters, {}, (_, noise) => {
    const values = { ...model.samplePrior(6, calling(noise)), z: tf.ones([6, 2]) };
    return { ...model.follow!(values, "z", calling(noise.fork("follow"))) };
  });
  expect([y!.shape, c!.shape, a!.shape]).toEqual([
    [6, 2, 3],
    [6, L, D],
    [6, L, D],
  ]);
  // One condition, so one likeliest value for all; one-hot.
  expect(y!.data.every((value, i) => value === y!.data[i % 6] && (value === 0 || value === 1))).toBe(true);
  expect(y!.data.filter((value) => value === 1)).toHaveLength(12);
  expect(c!.data.every((value, i) => value === c!.data[i % (L * D)])).toBe(true);
  for (const [latent, values] of [
    ["c", c!],
    ["a", a!],
  ] as const) {
    const book = parameters[`latents/${latent}/posterior/codebook-0/vectors`]!.data;
    for (let i = 0; i < 6 * L; i++)
      expect(Array.from({ length: K }, (_, k) => k)).toContainEqual(
        expect.toSatisfy((k: number) => Math.abs(book[k * D]! - values.data[i * D]!) < 1e-6),
      );
  }
});

test("a latent that follows ln p(x, z) sees the prior of codes that depend on it score the codes", async () => {
  const latents = {
    codes: { shape: [L, D], posterior: vq, prior: { type: "categorical", hidden: [4] }, generatedFrom: ["z"] },
    z: { size: 2, posterior: "hamiltonian", inferredFrom: ["x", "codes"] },
  };
  const made = await setUp(await loadWritten({ model: { latents } }));
  assertAllFinite(runEagerly(engine.noise, made, [0, 1]).outputs[1]!);
});

describe("a spec is refused", () => {
  const written = (posterior: object, more: object = {}) =>
    loadWritten({ model: { latents: { z: { shape: [L, 3], posterior, prior: "categorical", ...more } } } });
  test.each([
    [{ ...vq, groups: 2 }, {}, "2 groups do not divide its last axis, of 3"],
    [{ ...vq, update: "loss", restart: 1 }, {}, 'codes that a loss moves cannot "restart"'],
    [vq, { prior: "gaussian" }, 'the prior "gaussian" is over real values'],
    [{ type: "flow", base: vq, layers: ["planar"] }, { prior: "gaussian" }, 'needs posteriors with "reparameterized"'],
    [vq, { prior: "vamp" }, "is over real values"],
  ])("with %j and %j", async (posterior, more, message) => {
    await expect(written(posterior, more)).rejects.toMatchObject({
      code: "SPEC_COMBINATION",
      message: expect.stringContaining(message),
    });
  });
});
