import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../src/engine/engine.js";
import { wakeSleep } from "../../src/losses/wake-sleep.js";
import { mean, standardError } from "../../src/numerics/statistics.js";
import { loadWritten, setUp } from "../../src/testing/experiment.js";
import { assertLearns } from "../../src/testing/laws/step.js";
import { assertCapturedLikeEager } from "../../src/testing/steps.js";
import {
  BITS,
  BOTH,
  bitDraws,
  logP,
  logQ,
  meanOverDraws,
  overData,
  slopesOf,
  type Values,
} from "../support/binary-model.js";
import { useEngine } from "../support/engine.js";
import { objectiveOf } from "../support/gradient-draws.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const K = 3;
type Bits = Parameters<Parameters<typeof meanOverDraws>[3]>[0];
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** E_q [ sum_k v_k of(z_k) ], the draws and their weights at BITS. */
const weighted = (of: (z: 0 | 1, x: 0 | 1) => number): number =>
  overData((x) =>
    meanOverDraws(K, x, BITS, (draws: Bits) => {
      const weights = draws.map((z) => Math.exp(logP(z, x, BITS) - logQ(z, x, BITS)));
      return sum(draws.map((z, k) => weights[k]! * of(z, x))) / sum(weights);
    }),
  );
const bound = overData((x) =>
  meanOverDraws(K, x, BITS, (draws: Bits) =>
    Math.log(sum(draws.map((z) => Math.exp(logP(z, x, BITS) - logQ(z, x, BITS)))) / K),
  ),
);
const wakeModel = (values: Values): number => -weighted((z, x) => logP(z, x, values));
const wakeEncoder = (values: Values): number => -weighted((z, x) => logQ(z, x, values));
const sleepEncoder = (values: Values): number =>
  -sum(BOTH.flatMap((z) => BOTH.map((x) => Math.exp(logP(z, x, BITS)) * logQ(z, x, values))));

describe("the expected gradient is that of enumeration", () => {
  test.each([
    ["of both updates, summed", {}, 0, [1, 0.5, 0.5]],
    ["of wake alone", { encoder: "wake" }, 0, [1, 1, 0]],
    ["of sleep alone", { encoder: "sleep" }, 0, [1, 0, 1]],
    ["of the wake phase that alternates", { updates: "alternating" }, 0, [1, 1, 0]],
    ["of the sleep phase that alternates", { updates: "alternating" }, 1, [0, 0, 1]],
  ] as const)("%s", (_, fields, phase, [model, wake, sleep]) => {
    const found = bitDraws(engine, objectiveOf(wakeSleep, { samples: K, ...fields }), { phase });
    const expected = slopesOf(
      (values) => model * wakeModel(values) + wake * wakeEncoder(values) + sleep * sleepEncoder(values),
    );
    for (const [name, gradients] of Object.entries(found.gradients)) {
      const exact = expected[name as keyof Values];
      expect([name, Math.abs(mean(gradients) - exact) < 4 * standardError(gradients) + 1e-6]).toEqual([name, true]);
      expect(standardError(gradients)).toBeLessThan(0.01);
    }
    if (phase === 0) expect(Math.abs(mean(found.loss) + bound)).toBeLessThan(4 * standardError(found.loss));
  });
});

test("alternating phases with sleep alone divide the parameters between the model and the encoder", () => {
  const { phases } = objectiveOf(wakeSleep, { encoder: "sleep", updates: "alternating" })(undefined as never);
  const names = ["encoder/a", "latents/z/posterior/b", "decoder/c", "latents/z/prior/d"];
  expect(phases.map(({ variables }) => names.filter((name) => variables(name)))).toEqual([
    ["decoder/c", "latents/z/prior/d"],
    ["encoder/a", "latents/z/posterior/b"],
  ]);
});

const bits = { size: 3, posterior: "bernoulli", prior: { type: "bernoulli", hidden: [4] } };
const MODELS: Readonly<Record<string, object>> = {
  "belief network of two layers": {
    latents: {
      z1: { ...bits, generatedFrom: ["z2"] },
      z2: { ...bits, inferredFrom: ["z1"], prior: { type: "bernoulli", probabilities: "learned" } },
    },
    generatedFrom: ["z1"],
  },
  "drawn category": { latents: { y: { shape: [2, 3], posterior: "categorical", prior: "categorical" } } },
  "label that is summed over": {
    latents: { y: { observed: "label" }, z: { size: 2, inferredFrom: ["x", "y"] } },
  },
  condition: { latent: 3, heads: [{ type: "conditional", on: "label" }] },
};
describe.each(Object.keys(MODELS))("a %s", (name) => {
  test("learns in every parameter, captured as eagerly", async () => {
    const made = await setUp(
      await loadWritten({ model: MODELS[name]!, objective: { type: "wake-sleep", samples: 2 } }),
    );
    assertLearns(engine, made);
    assertCapturedLikeEager(engine, made, 2);
  });
});

test.each([
  [{ encoder: "wake", updates: "alternating" }, {}, '"updates": "alternating" needs a sleep phase'],
  [{ samples: 1 }, {}, '"encoder": "both" learns from how the weights of draws differ, and "samples" is 1'],
  [{}, { posterior: "flow" }, "wake-sleep asks for ln q at values that q did not draw"],
  [
    {},
    { latents: { y: { shape: [3], posterior: "gumbel-softmax", prior: "categorical" } } },
    'the objective "wake-sleep" scores draws of "y", and in training those of the posterior "gumbel-softmax" are no draws',
  ],
])("%j with %j is refused", async (fields, model, message) => {
  await expect(loadWritten({ model, objective: { type: "wake-sleep", ...fields } })).rejects.toThrow(message);
});
