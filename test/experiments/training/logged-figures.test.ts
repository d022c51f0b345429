/** What each logged value is said to be: names, titles, units, latents, fields, phases and schedules. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { LoggedFigure } from "../../../src/contracts/logged-figure.js";
import type { Model } from "../../../src/contracts/model.js";
import type { Phase } from "../../../src/contracts/objective.js";
import { Schedules } from "../../../src/contracts/schedule.js";
import { LoggedFigures } from "../../../src/experiments/training/logged-figures.js";
import { addToSums, meansOf } from "../../../src/experiments/training/step-sums.js";
import { type LoggedTerm, listTerms } from "../../../src/inference/logged-terms.js";
import { HistoryLog } from "../../../src/storage/history.js";

const phase = (name: string, more: Partial<Phase> = {}): Phase => ({
  name,
  every: 1,
  variables: () => true,
  terms: () => {
    throw new Error("no step is made here");
  },
  ...more,
});
const newLog = (): HistoryLog => new HistoryLog(join(mkdtempSync(join(tmpdir(), "vaelab-figures-")), "history.jsonl"));
const made = (latents: readonly string[], phases: readonly Phase[], log = newLog()) => {
  const schedules = new Schedules(
    new Map([
      ["objective.beta", "weight"],
      ["objective.capacity", "target"],
      ["training.optimizer.learningRate", "learning-rate"],
    ]),
  );
  for (const name of [
    "objective.beta",
    "objective.capacity",
    "training.optimizer.learningRate",
    "data.of.learningRate",
  ])
    schedules.add(name, { at: () => 1, final: 1 });
  const model = { latents: Object.fromEntries(latents.map((name) => [name, [2]])) } as unknown as Model;
  const figures = new LoggedFigures({ objective: { phases }, model, schedules }, log);
  return { figures, log };
};

const scalar = (value: number) => ({ shape: [], data: Float32Array.of(value) });
const vector = (...values: number[]) => ({ shape: [values.length], data: Float32Array.from(values) });
const NOTHING = { loss: scalar(1), terms: {}, byLatent: {}, byField: {} };
const byName = (log: HistoryLog): Record<string, LoggedFigure> =>
  Object.fromEntries(log.figures.map((figure) => [figure.name, figure]));

test("the terms of several latents are told apart by their latent, those of one go by their own name", () => {
  const outputs = { ...NOTHING, byLatent: { z1: { kl: vector(1, 2) }, z2: { kl: vector(3), usage: scalar(4) } } };
  const several = made(["z1", "z2"], [phase("elbo")]);
  several.figures.valuesOf({ elbo: listTerms(outputs) });
  expect(byName(several.log)).toMatchObject({
    "kl/z1": { title: "KL of z1", unit: "nats", kind: "term", phase: "elbo", term: "kl", latent: "z1", dimensions: 2 },
    "kl/z2": { title: "KL of z2", latent: "z2", dimensions: 1 },
    "usage/z2": { title: "usage of z2", latent: "z2" },
  });
  expect(byName(several.log)["usage/z2"]).not.toHaveProperty("dimensions");
  const one = made(["z"], [phase("elbo")]);
  one.figures.valuesOf({ elbo: listTerms({ ...NOTHING, byLatent: { z: { kl: vector(1, 2) } } }) });
  expect(byName(one.log)).toMatchObject({ kl: { title: "KL", latent: "z", dimensions: 2 } });
});

test("titles and units are those that phases and heads declare; terms are otherwise in nats", () => {
  const { figures, log } = made(
    ["z"],
    [
      phase("elbo", {
        figures: { hits: { title: "hit rate", unit: "fraction" } },
        figuresByField: { label: { crossEntropy: { title: "cross-entropy" }, accuracy: { unit: "fraction" } } },
      }),
      phase("discriminator"),
    ],
  );
  const term = scalar(0);
  figures.valuesOf({
    elbo: listTerms({
      ...NOTHING,
      terms: { hits: term, squaredNorm: term },
      byField: { label: { crossEntropy: term, accuracy: term, hits: term } },
      gradientNorm: term,
    }),
    discriminator: listTerms({ ...NOTHING, gradientNorm: term }),
  });
  expect(log.figures.map(({ name, title, unit, kind }) => [name, title, unit, kind])).toEqual([
    ["loss", "loss", "nats", "loss"],
    ["hits", "hit rate", "fraction", "term"],
    ["squaredNorm", "squared norm", "nats", "term"],
    ["label.crossEntropy", "cross-entropy of label", "nats", "term"],
    ["label.accuracy", "accuracy of label", "fraction", "term"],
    ["label.hits", "hits of label", "nats", "term"],
    ["gradientNorm", "gradient norm", "", "gradient-norm"],
    ["discriminator/loss", "loss, discriminator", "nats", "loss"],
    ["discriminator/gradientNorm", "gradient norm, discriminator", "", "gradient-norm"],
    ["objective.beta", "beta", "", "schedule"],
    ["objective.capacity", "capacity", "nats", "schedule"],
    ["training.optimizer.learningRate", "optimizer learning rate", "", "schedule"],
    ["data.of.learningRate", "of learning rate", "", "schedule"],
  ]);
  expect(log.figures.map(({ role }) => role).filter(Boolean)).toEqual(["weight", "target", "learning-rate"]);
});

test("two values of one name are refused", () => {
  const log = (outputs: object): void => {
    const { figures } = made(["z"], [phase("elbo"), phase("b")]);
    figures.valuesOf({ elbo: listTerms({ ...NOTHING, ...outputs }), b: listTerms(NOTHING) });
  };
  const kl = { byLatent: { z: { kl: vector(1) } } };
  expect(() => log({ ...kl, terms: { kl: scalar(1) } })).toThrow('two values that a step logs are named "kl"');
  expect(() => log({ terms: { gradientNorm: scalar(1) }, gradientNorm: scalar(1) })).toThrow('named "gradientNorm"');
  expect(() => log({ terms: { "b/loss": scalar(1) } })).toThrow('named "b/loss"');
  expect(() => log({ terms: { "objective.beta": scalar(1) } })).toThrow('named "objective.beta"');
  expect(() => log(kl)).not.toThrow();
});

test("an epoch that goes on in another process has the means of all its steps, those of a phase that is not due again too", () => {
  const log = newLog();
  const phases = [phase("elbo"), phase("b", { every: 4 })];
  const both = (value: number): Record<string, LoggedTerm[]> => ({
    elbo: listTerms({ ...NOTHING, byLatent: { z1: { kl: vector(value, 2 * value) } } }),
    ...(value === 1 && { b: listTerms({ ...NOTHING, loss: scalar(6) }) }),
  });
  const state = { sums: {} as Record<string, number[]>, summed: 0 };
  const first = made(["z1", "z2"], phases, log).figures;
  for (const value of [1, 3]) addToSums(state, first.valuesOf(both(value)));
  expect(Object.keys(state.sums)).toEqual(["elbo.loss", "elbo.kl/z1", "b.loss"]);
  const second = made(["z1", "z2"], phases, log).figures;
  addToSums(state, second.valuesOf(both(5)));
  const means = meansOf({ ...state, step: 3, sums: { ...state.sums, "elbo.beta": [3] } }, second.byKey, phases);
  expect(means.map(({ figure, means: own }) => [figure.name, own])).toEqual([
    // Of the one step at which it ran.
    ["b/loss", [6]],
    ["kl/z1", [3, 6]],
    ["loss", [1]],
  ]);
  expect(log.figures.filter(({ name }) => name === "b/loss")).toHaveLength(1);
});
