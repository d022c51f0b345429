/** Programs for the tests of capture: training steps of a small VAE, written as components write theirs. */
import type { Model } from "../../../src/contracts/model.js";
import type { Phase } from "../../../src/contracts/objective.js";
import type { Optimizer } from "../../../src/contracts/optimizer.js";
import type { Host } from "../../../src/contracts/program.js";
import type { Schedule } from "../../../src/contracts/schedule.js";
import { scalarInputs } from "../../../src/experiments/training/batches.js";
import type { StepInputs } from "../../../src/inference/step.js";
import { type TrainingProgram, trainingProgram } from "../../../src/inference/training-program.js";
import { dense } from "../../../src/nn/index.js";
import { noiseKey, stream } from "../../../src/numerics/streams.js";
import { adam } from "../../../src/optimizers/adam.js";
import { glorotUniform } from "../../../src/tensor/initializers.js";
import { type ParameterScope, ParameterStore } from "../../../src/tensor/parameters.js";
import { type Scalar, type Tensor, tf } from "../../../src/tensor/tensor.js";
import { named } from "../../support/schedules.js";

export interface VaeOptions {
  inputs?: number;
  hidden?: number;
  latent?: number;
  clipNorm?: number;
  optimizer?: (rate: Schedule) => Optimizer;
  /** More phases after the ELBO's. */
  phases?: (store: ParameterStore) => Phase[];
  /** Computes on the hidden layer in place of the activation. */
  hook?: (h: Tensor, store: ParameterStore) => Tensor;
  /** Declares more parameters. */
  declare?: (scope: ParameterScope) => void;
}

export const rate = named("rate", 1e-3);
export const beta = named("beta", 1);
export const adamAt = (learningRate: Schedule): Optimizer =>
  adam.create({ learningRate, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as never, {}) as Optimizer;

/** Bernoulli VAE: one hidden layer on either side, beta fed as a scalar. */
export const vaeProgram = (options: VaeOptions = {}): TrainingProgram => {
  const { inputs = 12, hidden = 8, latent = 3, clipNorm, optimizer = adamAt, phases, hook, declare } = options;
  const store = new ParameterStore();
  const parameters = store.scope("vae");
  const layer = (name: string, from: number, to: number) => dense(parameters.scope(name), from, to, glorotUniform);
  const encode = layer("hidden", inputs, hidden);
  const mean = layer("mean", hidden, latent);
  const logVariance = layer("logVariance", hidden, latent);
  const decode = layer("decoder", latent, hidden);
  const output = layer("output", hidden, inputs);
  declare?.(store.scope());
  const extra = phases?.(store) ?? [];
  const elbo: Phase = {
    name: "elbo",
    every: 1,
    variables: (name) => name.startsWith("vae/"),
    terms: (step) => {
      const x = step.batch.fields.x!;
      const h = hook ? hook(encode(x), store) : tf.relu(encode(x));
      const mu = mean(h);
      const s = logVariance(h);
      const z = tf.add(mu, tf.mul(tf.exp(tf.mul(s, 0.5)), step.noise.normal("z", mu.shape)));
      const logits = output(tf.relu(decode(z)));
      const distortion: Scalar = tf.mean(
        tf.sum(tf.add(tf.sub(tf.relu(logits), tf.mul(logits, x)), tf.log1p(tf.exp(tf.neg(tf.abs(logits))))), 1),
      );
      const kl = tf.mul(-0.5, tf.sub(tf.sub(tf.add(1, s), tf.square(mu)), tf.exp(s)));
      const vector = tf.mean(kl, 0);
      const loss: Scalar = tf.add(distortion, tf.mul(step.scalar(beta), tf.sum(vector)));
      return { loss, terms: { distortion }, byLatent: { z: { kl: vector } } };
    },
  };
  return trainingProgram({
    // The phases read the store alone.
    model: { latents: {} } as Model,
    objective: { phases: [elbo, ...extra] },
    optimizer: optimizer(rate),
    store,
    initialValues: store.initialValues(7),
    trainingSize: 1000,
    ...(clipNorm !== undefined && { clipNorm }),
  });
};

/** Everything that a step is fed, at a step; its beta rises with the step. */
export const vaeInputs = (step: number, { batch = 5, inputs = 12 } = {}): Host<StepInputs> => {
  const random = stream(3, `batch/${step}`);
  const x = {
    shape: [batch, inputs],
    data: Float32Array.from({ length: batch * inputs }, () => (random() < 0.3 ? 1 : 0)),
  };
  return {
    index: { shape: [batch], data: Int32Array.from({ length: batch }, (_, i) => step * batch + i) },
    fields: { x },
    scalars: scalarInputs({ rate: 1e-3, beta: Math.min(1, step / 20) }),
    key: { shape: [2], data: noiseKey(7, "noise", step) },
  };
};
