/** Discriminators of codes: their losses by hand, what each phase moves, what a checkpoint holds, and what they learn. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Regularizer } from "../../../src/contracts/regularizer.js";
import { eagerRunner } from "../../../src/engine/eager.js";
import type { Engine } from "../../../src/engine/engine.js";
import { asCheckpoint, fromCheckpoint } from "../../../src/experiments/training/checkpoint-tensors.js";
import { adversarial } from "../../../src/losses/regularizers/adversarial.js";
import {
  adversarialTotalCorrelation,
  permutedDimensions,
} from "../../../src/losses/regularizers/adversarial-total-correlation.js";
import { normal, stream } from "../../../src/numerics/streams.js";
import { gradientsOf } from "../../../src/tensor/autodiff.js";
import { type Bindings, ParameterStore } from "../../../src/tensor/parameters.js";
import { type Scalar, type Tensor, tf } from "../../../src/tensor/tensor.js";
import { loadWritten, setUp } from "../../../src/testing/experiment.js";
import { namedState } from "../../../src/testing/steps.js";
import { build, initialBindings } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { stepOn } from "../../support/penalty.js";
import { named } from "../../support/schedules.js";
import { expectGradient, tensorOf, valuesOf } from "../../support/tensors.js";
import { unitGaussianModel } from "../../support/unit-gaussian-model.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const DISCRIMINATORS = [adversarial, adversarialTotalCorrelation] as const;
/** Codes are the rows themselves. */
const model = unitGaussianModel({ slope: [1, 1], variance: null });
const made = (definition: (typeof DISCRIMINATORS)[number], hidden: number[]) => {
  const store = new ParameterStore();
  const context = { model, parameters: store.scope(), modelParameters: () => store.parameters };
  const fields = { weight: named("weight", 1), hidden, optimizer: undefined };
  return { store, regularizer: build(definition as typeof adversarial, fields, context) };
};
const number = (x: ReturnType<Regularizer["penalty"]>): number => valuesOf(x as Scalar)[0]!;

const rows = [
  [1, -2],
  [0.5, 3],
  [-1, 0.2],
];
const [weights, bias] = [[0.7, -0.4], 0.3];
/** D(z) = w z + b. */
const bindings = (): Bindings => ({
  "discriminator/output/weights": tensorOf(weights.map((w) => [w])),
  "discriminator/output/bias": tensorOf([bias]),
});
const logit = ([a, b]: readonly number[]): number => weights[0]! * a! + weights[1]! * b! + bias;
const softplus = (x: number): number => Math.log1p(Math.exp(x));
const average = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe.each([
  ["adversarial", adversarial, (l: number) => softplus(-l)],
  ["adversarial-total-correlation", adversarialTotalCorrelation, (l: number) => l],
] as const)("the penalty %s", (_, definition, ofLogit) => {
  test("is a mean of the discriminator's log-odds, with a gradient in the codes", () => {
    const { store, regularizer } = made(definition, []);
    store.bind(bindings(), () => {
      const penalty = (x: Tensor) => regularizer.penalty(stepOn(engine, { model, x })) as Scalar;
      expect(number(penalty(tensorOf(rows)))).toBeCloseTo(average(rows.map((row) => ofLogit(logit(row)))), 5);
      expectGradient(penalty, tensorOf(rows));
    });
  });
});

describe("the discriminator's phase", () => {
  test("takes draws of the prior for the first kind and codes for the second", () => {
    const { store, regularizer } = made(adversarial, []);
    const step = stepOn(engine, { model, x: tensorOf(rows) });
    const { loss, terms } = store.bind(bindings(), () => regularizer.phases![0]!.terms(step));
    const { z } = model.samplePrior(3, stepOn(engine, { model, x: tensorOf(rows) }).call("prior"));
    const draws = (z!.arraySync() as number[][]).map(logit);
    const codes = rows.map(logit);
    const expected = (average(draws.map((l) => softplus(-l))) + average(codes.map(softplus))) / 2;
    expect(number(loss)).toBeCloseTo(expected, 5);
    const right = (average(draws.map((l) => Number(l > 0))) + average(codes.map((l) => Number(l <= 0)))) / 2;
    expect(number(terms.accuracy!)).toBeCloseTo(right, 6);
  });
  test("permutes each dimension of the codes by itself, anew by name of the step", () => {
    const count = 2000;
    const x = tensorOf(Array.from({ length: count }, (_, i) => [i, i]));
    const permuted = permutedDimensions(x, stepOn(engine, { model, x })).arraySync() as number[][];
    for (const d of [0, 1])
      expect(permuted.map((row) => row[d]!).sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
    // Of independent permutations the rank correlation has the standard deviation 1 / sqrt(count).
    const centered = permuted.map((row) => row.map((value) => value - (count - 1) / 2));
    const rank = average(centered.map(([a, b]) => a! * b!)) / ((count ** 2 - 1) / 12);
    expect(Math.abs(rank)).toBeLessThan(0.1);
    const places = (d: number) =>
      average(centered.map((row, i) => row[d]! * (i - (count - 1) / 2))) / ((count ** 2 - 1) / 12);
    for (const d of [0, 1]) expect(Math.abs(places(d))).toBeLessThan(0.1);
  });
  test("needs two examples to permute", () => {
    const { store, regularizer } = made(adversarialTotalCorrelation, []);
    const step = stepOn(engine, { model, x: tensorOf([[1, 2]]) });
    expect(() => store.bind(bindings(), () => regularizer.phases![0]!.terms(step))).toThrow(
      "this batch has one example",
    );
  });
});

test("a discriminator learns the total correlation of correlated Gaussians", () => {
  // rho = 0.9: 0.830 nats.
  const uniform = stream(1, "discriminator");
  const rho = 0.9;
  const sample = Array.from({ length: 500 }, () => {
    const [a, b] = [normal(uniform), normal(uniform)];
    return [a, rho * a + Math.sqrt(1 - rho ** 2) * b];
  });
  const { store, regularizer } = made(adversarialTotalCorrelation, [32]);
  const found = tf.tidy(() => {
    const x = tensorOf(sample);
    let values: Bindings = initialBindings(store);
    let moments: Bindings = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, tf.zerosLike(value)]),
    );
    const { terms } = regularizer.phases![0]!;
    for (let step = 0; step < 150; step++) {
      const { gradients } = gradientsOf(values, (bound) => ({
        loss: store.bind(bound, () => terms(stepOn(engine, { model, x })).loss),
        keep: {},
      }));
      const next = (name: string): Tensor => tf.add(tf.mul(0.9, moments[name]!), gradients[name]!);
      moments = Object.fromEntries(Object.keys(values).map((name) => [name, next(name)]));
      values = Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, tf.sub(value, tf.mul(0.1, moments[name]!))]),
      );
    }
    return store.bind(values, () => number(regularizer.penalty(stepOn(engine, { model, x }))));
  });
  expect(Math.abs(found - 0.83)).toBeLessThan(0.12);
});

describe("in a run", () => {
  const load = () =>
    loadWritten({ regularizers: [{ type: "adversarial", hidden: [4] }, "adversarial-total-correlation"] as object[] });

  test("each phase moves its own parameters, and the model's none of theirs", async () => {
    const set = await setUp(await load());
    expect(set.variantAt(0)).toBe("elbo+adversarial+adversarial-total-correlation");
    for (const variant of set.variantAt(0).split("+")) {
      const running = eagerRunner(engine.noise).start(set.program);
      const before = namedState(running.readState());
      running.call(set.inputsAt(0), variant);
      const after = namedState(running.readState());
      running.dispose();
      const changed = Object.keys(before).filter((name) =>
        before[name]!.data.some((v, i) => v !== after[name]!.data[i]),
      );
      const prefix = variant === "elbo" ? /^(optimizer\/elbo|encoder|posterior|decoder)\// : `${variant}/`;
      const own = (name: string): boolean =>
        typeof prefix === "string"
          ? name.startsWith(`regularizers/${prefix}`) || name.startsWith(`optimizer/${prefix}`)
          : prefix.test(name);
      expect(changed).toEqual(Object.keys(before).filter(own));
    }
  });
  test("a checkpoint holds the discriminators and their optimizers", async () => {
    const { program } = await setUp(await load());
    const { model: parameters, optimizer } = asCheckpoint(program.initialState);
    expect(Object.keys(parameters)).toContain("regularizers/adversarial/discriminator/dense-0/weights");
    expect(Object.keys(optimizer)).toContain(
      "optimizer/adversarial/regularizers/adversarial/discriminator/dense-0/weights/m",
    );
    expect(fromCheckpoint({ ...parameters, ...optimizer }, program.initialState)).toEqual(program.initialState);
  });
});
