/** Models of the shipped parts: training steps and evaluation, captured and eager. */

import { beforeAll, describe, expect, test } from "vitest";
import type { Model } from "../../../src/contracts/model.js";
import type { Optimizer } from "../../../src/contracts/optimizer.js";
import type { Prior } from "../../../src/contracts/prior.js";
import type { Host, HostTensors, Program } from "../../../src/contracts/program.js";
import { recordTwice } from "../../../src/engine/capture/record/record-twice.js";
import { capturedRunner } from "../../../src/engine/capture/runner.js";
import { eagerRunner } from "../../../src/engine/eager.js";
import type { Engine } from "../../../src/engine/engine.js";
import { scalarInputs } from "../../../src/experiments/training/batches.js";
import { elboTerms, logImportanceWeights } from "../../../src/inference/elbo-terms.js";
import { batchOf, type KeyedBatch, type StepInputs } from "../../../src/inference/step.js";
import { type TrainingProgram, trainingProgram } from "../../../src/inference/training-program.js";
import { elbo } from "../../../src/losses/elbo.js";
import { mlp as mlpDecoder } from "../../../src/models/decoders/mlp.js";
import { mlp as mlpEncoder } from "../../../src/models/encoders/mlp.js";
import { latentVariableModel } from "../../../src/models/latent-variable-model.js";
import { bernoulli } from "../../../src/models/likelihoods/bernoulli.js";
import { gaussian as gaussianLikelihood } from "../../../src/models/likelihoods/gaussian.js";
import { diagonalGaussian } from "../../../src/models/posteriors/diagonal-gaussian.js";
import { noiseKey, stream } from "../../../src/numerics/streams.js";
import { adam } from "../../../src/optimizers/adam.js";
import { gaussian } from "../../../src/priors/gaussian.js";
import { gaussianMixture } from "../../../src/priors/gaussian-mixture.js";
import { vamp } from "../../../src/priors/vamp.js";
import type { FieldSchema } from "../../../src/tensor/fields.js";
import { keyedNoise } from "../../../src/tensor/keyed-noise.js";
import { type Bindings, ParameterStore } from "../../../src/tensor/parameters.js";
import { namedOutputs, namedState } from "../../../src/testing/steps.js";
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { named } from "../../support/schedules.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const PIXELS = [3, 3, 1];
const examplesOf = (name: string, count: number, support: FieldSchema["support"]): Float32Array => {
  const random = stream(5, name);
  return Float32Array.from({ length: count * 9 }, () => {
    const u = random();
    return support === "binary" ? Number(u < 0.4) : 4 * u - 2;
  });
};

const PRIORS = {
  gaussian: (context: never): Prior => build(gaussian, {}, context),
  "gaussian-mixture": (context: never): Prior => build(gaussianMixture, { components: 3 }, context),
  vamp: (context: never): Prior => build(vamp, { components: 4, weights: "trained" }, context),
} as const;
const LIKELIHOODS = {
  bernoulli: { support: "binary" as const, definition: bernoulli, fields: {} },
  gaussian: { support: "real" as const, definition: gaussianLikelihood, fields: { learn: "element" } },
};

const assemble = (priorName: keyof typeof PRIORS, likelihoodName: keyof typeof LIKELIHOODS) => {
  const { support, definition, fields } = LIKELIHOODS[likelihoodName];
  const field: FieldSchema = { kind: "image", shape: PIXELS, support };
  const store = new ParameterStore();
  const scope = (name: string) => store.scope(name);
  const inputs = { x: field };
  const latent = [2];
  const encoder = build(mlpEncoder, { hidden: [6] }, { inputs, parameters: scope("encoder") });
  const posterior = build(diagonalGaussian, {}, { features: encoder.features, latent, parameters: scope("posterior") });
  const prior = PRIORS[priorName]({
    latent,
    inputs,
    parameters: scope("prior"),
    examples: (count: number) => ({ x: examplesOf("pseudo", count, support) }),
    exampleRows: (count: number) => Int32Array.from({ length: count }, (_, i) => i),
  } as never);
  const likelihood = build(definition as typeof bernoulli, fields, { field, parameters: scope("likelihood") });
  const decoder = build(
    mlpDecoder,
    { hidden: [6], activation: "relu" },
    { latents: { z: latent }, output: likelihood.outputs, field, parameters: scope("decoder") },
  );
  const model: Model = latentVariableModel(
    {
      encoder,
      latents: [
        {
          name: "z",
          shape: latent,
          support: "real",
          posterior,
          prior,
          sources: [{ kind: "features" }],
          generatedFrom: [],
          enumerate: false,
        },
      ],
      decoder,
      likelihood,
    },
    { fields: inputs, modeled: "x", store },
  );
  return { model, store, support };
};

const inputsAt = (step: number, support: FieldSchema["support"], batch = 4): Host<StepInputs> => ({
  index: { shape: [batch], data: Int32Array.from({ length: batch }, (_, i) => i) },
  fields: { x: { shape: [batch, ...PIXELS], data: examplesOf(`batch/${step}`, batch, support) } },
  scalars: scalarInputs({ beta: step / 10, rate: 0.01 }),
  key: { shape: [2], data: noiseKey(1, "noise", step) },
});

const expectClose = (actual: HostTensors, expected: HostTensors, tolerance: number): void => {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, { data }] of Object.entries(expected))
    for (const [i, value] of data.entries())
      expect(Math.abs(actual[name]!.data[i]! - value) / Math.max(1, Math.abs(value)), name).toBeLessThan(tolerance);
};

for (const prior of Object.keys(PRIORS) as (keyof typeof PRIORS)[])
  for (const likelihood of Object.keys(LIKELIHOODS) as (keyof typeof LIKELIHOODS)[])
    describe(`${prior} prior, ${likelihood} likelihood`, () => {
      const trainingOf = (): { program: TrainingProgram; support: FieldSchema["support"] } => {
        const { model, store, support } = assemble(prior, likelihood);
        const beta = named("beta", 1);
        const rate = named("rate", 0.01);
        const objective = build(elbo, { beta, samples: 2 }, { parameters: store.scope("objective"), model });
        const program = trainingProgram({
          model,
          objective,
          optimizer: build(adam, { learningRate: rate }, {}) as Optimizer,
          store,
          initialValues: store.initialValues(1),
          trainingSize: 100,
          clipNorm: 5,
        });
        return { program, support };
      };

      const steps = prior === "vamp" ? 300 : 60;
      test(`${steps} training steps`, { timeout: 180_000 }, () => {
        const { program, support } = trainingOf();
        expect(recordTwice(program, engine.noise, inputsAt(0, support), { variant: "elbo" })).toEqual([]);
        const a = capturedRunner(engine, { mode: "require" }).start(program);
        const b = eagerRunner(engine.noise).start(program);
        for (let step = 0; step < steps; step++)
          expectClose(
            namedOutputs(a.call(inputsAt(step % 20, support), "elbo")),
            namedOutputs(b.call(inputsAt(step % 20, support), "elbo")),
            step < 50 ? 1e-4 : 1e-3,
          );
        expectClose(namedState(a.readState()), namedState(b.readState()), 1e-3);
        a.dispose();
        b.dispose();
      });

      test("importance weights of many draws, in two block shapes", () => {
        const { model, store, support } = assemble(prior, likelihood);
        const program: Program<Bindings, KeyedBatch> = {
          name: "importance",
          initialState: store.initialValues(1),
          run: (state, inputs, { kernels }) => {
            const noise = keyedNoise(kernels, inputs.key);
            const logWeights = store.bind(state, () => {
              const context = { ...calling(noise.fork("infer")), samples: 20 };
              const inferred = model.infer(batchOf(inputs), context);
              const generate = calling(noise.fork("generate"));
              return logImportanceWeights(elboTerms(model, batchOf(inputs), inferred, generate));
            });
            return { outputs: { logWeights }, state: {} };
          },
        };
        const a = capturedRunner(engine, { mode: "require" }).start(program);
        const b = eagerRunner(engine.noise).start(program);
        for (const [step, batch] of [
          [0, 4],
          [1, 3],
          [2, 4],
        ] as const) {
          const inputs = inputsAt(step, support, batch);
          const weights = a.call(inputs);
          expect(weights.logWeights!.shape).toEqual([20, batch]);
          expectClose(weights, b.call(inputs), 1e-4);
        }
        a.dispose();
        b.dispose();
      });
    });
