/** Heads read what the objective's first phase inferred: the same draws, as many as it asked for. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Head } from "../../src/contracts/head.js";
import type { Objective, Phase } from "../../src/contracts/objective.js";
import type { Regularizer } from "../../src/contracts/regularizer.js";
import type { Engine } from "../../src/engine/engine.js";
import { stepContext } from "../../src/inference/step.js";
import { withAddedLosses } from "../../src/models/added-losses.js";
import { mapValues } from "../../src/numerics/records.js";
import type { Bindings } from "../../src/tensor/parameters.js";
import { type Scalar, type Tensor, tf } from "../../src/tensor/tensor.js";
import { useEngine } from "../support/engine.js";
import { named } from "../support/schedules.js";
import { noiseOf } from "../support/tensors.js";
import { unitGaussianModel } from "../support/unit-gaussian-model.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const model = unitGaussianModel({ slope: [0.5], variance: 0.3 });
/** Adds the sum of all draws to the loss, and logs their number. */
const head: Head = {
  plan: { field: "label", role: "target", seenBy: { encoder: false, prior: false, decoder: false } },
  terms: ({ inferred }) => ({
    loss: tf.sum(inferred.sites.z!.value),
    terms: { draws: tf.scalar(inferred.samples), sum: tf.sum(inferred.sites.z!.value) },
  }),
};
const phase = (terms: Objective["phases"][number]["terms"]): Objective => ({
  phases: [{ name: "first", every: 1, variables: () => true, terms }],
});
const stepOf = (scalars: Bindings = {}) =>
  stepContext(
    { model, trainingSize: 1 },
    {
      batch: { fields: { x: tf.tensor2d([[1], [-2]]) }, index: tf.tensor1d([0, 1], "int32") },
      noise: noiseOf(engine),
      training: true,
      scalars,
    },
  );
const read = (value: Tensor | undefined): number => value!.dataSync()[0]!;

test("a head sees the draws of the phase's own inference", () => {
  const objective = phase((step) => {
    const sum: Scalar = tf.sum(step.infer(3).sites.z!.value);
    return { loss: tf.scalar(0), terms: { sum } };
  });
  const { loss, terms, byField } = withAddedLosses(objective, { heads: [head], regularizers: {} }).phases[0]!.terms(
    stepOf(),
  );
  expect(read(byField!.label!.draws)).toBe(3);
  expect(read(byField!.label!.sum)).toBe(read(terms.sum));
  expect(read(loss)).toBe(read(terms.sum));
});

test("an objective that wraps the step of another still hands the heads its inference", () => {
  const inner = phase((step) => ({ loss: tf.sum(step.infer(5).sites.z!.value), terms: {} }));
  const outer = phase((step) => inner.phases[0]!.terms({ ...step, training: false }));
  const { byField } = withAddedLosses(outer, { heads: [head], regularizers: {} }).phases[0]!.terms(stepOf());
  expect(read(byField!.label!.draws)).toBe(5);
});

test("where the phase infers nothing, a head sees one draw an example", () => {
  const { byField } = withAddedLosses(
    phase(() => ({ loss: tf.scalar(1), terms: {} })),
    { heads: [head], regularizers: {} },
  ).phases[0]!.terms(stepOf());
  expect(read(byField!.label!.draws)).toBe(1);
});

test("two heads of one field log beside each other, and not under one name", () => {
  const logging = (name: string): Head => ({
    ...head,
    terms: () => ({ loss: tf.scalar(1), terms: { [name]: tf.scalar(3) } }),
  });
  const objective = phase(() => ({ loss: tf.scalar(0), terms: {} }));
  const termsWith = (...names: string[]) =>
    withAddedLosses(objective, { heads: names.map(logging), regularizers: {} }).phases[0]!.terms(stepOf());
  expect(Object.keys(termsWith("a", "b").byField!.label!)).toEqual(["a", "b"]);
  expect(read(termsWith("a", "b").loss)).toBe(2);
  expect(() => termsWith("a", "a")).toThrow('two terms of a step are named "a"');
});

describe("a regularizer", () => {
  const objective: Objective = {
    phases: ["first", "second"].map((name) => ({
      name,
      every: 1,
      variables: (variable) => name === "first" || variable.startsWith("encoder/"),
      terms: () => ({ loss: tf.scalar(1), terms: {} }),
    })),
  };
  const plain: Regularizer = { weight: named("weight", 2), penalty: () => tf.scalar(3) };
  const own = (name: string): Phase => ({
    name,
    every: 2,
    variables: (variable) => variable.includes(`/${name}/`),
    terms: () => ({ loss: tf.scalar(0), terms: {} }),
  });
  const phasesOf = (regularizers: Record<string, Regularizer>) =>
    withAddedLosses(objective, { heads: [], regularizers }).phases;

  test("adds its weighted penalty, and logs it and the terms beside it by its name", () => {
    const split = { ...plain, penalty: () => ({ value: tf.scalar(5), terms: { part: tf.scalar(4) } }) };
    const { loss, terms } = phasesOf({ tc: plain, split })[0]!.terms(stepOf({ weight: tf.scalar(2) }));
    expect(read(loss)).toBe(1 + 2 * 3 + 2 * 5);
    expect(mapValues(terms, read)).toEqual({ tc: 3, split: 5, "split.part": 4 });
  });
  test("may declare the terms beside its penalty", () => {
    const declaring = { ...plain, figures: { part: { title: "a part" } } };
    expect(phasesOf({ declaring })[0]!.figures).toEqual({
      declaring: { unit: "" },
      "declaring.part": { title: "a part" },
    });
  });
  test("has phases of its own after the objective's, named after it", () => {
    const phases = phasesOf({ one: { ...plain, phases: [own("a")] }, two: { ...plain, phases: [own("a"), own("b")] } });
    expect(phases.map(({ name, every }) => [name, every])).toEqual([
      ["first", 1],
      ["second", 1],
      ["one", 2],
      ["two/a", 2],
      ["two/b", 2],
    ]);
  });
  test("moves its own parameters in its phases, of which no other phase moves any", () => {
    const phases = phasesOf({ one: { ...plain, phases: [own("a")] }, two: { ...plain, phases: [own("a")] } });
    const moving = (variable: string) => phases.filter((phase) => phase.variables(variable)).map(({ name }) => name);
    expect(moving("regularizers/one/a/weights")).toEqual(["one"]);
    expect(moving("regularizers/one/shift")).toEqual(["first"]);
    expect(moving("encoder/a")).toEqual(["first", "second"]);
    expect(moving("decoder/a")).toEqual(["first"]);
  });
});

test("what the phase, the heads and the regularizers declare of their terms stays with the phase", () => {
  const regularizer = { weight: named("weight", 1), penalty: () => tf.scalar(0) };
  const [declaring] = withAddedLosses(
    { phases: [{ ...phase(() => ({ loss: tf.scalar(0), terms: {} })).phases[0]!, figures: { a: { unit: "bits" } } }] },
    {
      heads: [{ ...head, figures: { draws: { title: "draws", unit: "" } } }],
      regularizers: { tc: { ...regularizer, unit: "nats" }, mmd: regularizer },
    },
  ).phases;
  expect(declaring).toMatchObject({
    figures: { a: { unit: "bits" }, tc: { unit: "nats" }, mmd: { unit: "" } },
    figuresByField: { label: { draws: { title: "draws", unit: "" } } },
  });
});

describe("a loss that a part of the model adds", () => {
  const adding = (...names: string[]): Objective =>
    phase((step) => {
      const call = step.call("generate");
      for (const name of names) call.loss(name, tf.scalar(2));
      return { loss: tf.scalar(1), terms: { rate: tf.scalar(5) } };
    });
  const termsOf = (objective: Objective) =>
    withAddedLosses(objective, { heads: [], regularizers: {} }).phases[0]!.terms(stepOf());

  test("is added to the loss and logged", () => {
    const { loss, terms } = termsOf(adding("commitment", "codebook"));
    expect([read(loss), read(terms.commitment), read(terms.codebook), read(terms.rate)]).toEqual([5, 2, 2, 5]);
  });
  test("of a latent is logged beside the latent's terms, so two latents may have losses of one name", () => {
    const objective = phase((step) => {
      const call = step.call("infer");
      call.loss("commitment", tf.scalar(2), "a");
      call.loss("commitment", tf.scalar(3), "b");
      return { loss: tf.scalar(1), terms: {}, byLatent: { a: { kl: tf.tensor1d([4]) } } };
    });
    const { loss, terms, byLatent } = termsOf(objective);
    expect([read(loss), Object.keys(terms)]).toEqual([6, []]);
    expect(mapValues(byLatent!, (group) => mapValues(group, read))).toEqual({
      a: { kl: 4, commitment: 2 },
      b: { commitment: 3 },
    });
  });
  test("is refused under a name that is taken", () => {
    expect(() => termsOf(adding("commitment", "commitment"))).toThrow('two losses named "commitment"');
    expect(() => termsOf(adding("rate"))).toThrow('two terms of a step are named "rate"');
  });
});

test("a phase that infers twice is refused: both would draw the same", () => {
  const twice = phase((step) => {
    step.infer(1);
    return { loss: tf.sum(step.infer(1).sites.z!.value), terms: {} };
  });
  expect(() => twice.phases[0]!.terms(stepOf())).toThrow(/drawn twice/);
});
