import { beforeAll, describe, expect, test } from "vitest";
import type { Model } from "../../src/contracts/model.js";
import type { Objective } from "../../src/contracts/objective.js";
import type { Engine } from "../../src/engine/engine.js";
import { iwae } from "../../src/losses/iwae.js";
import { mean, standardError } from "../../src/numerics/statistics.js";
import { loadWritten, setUp } from "../../src/testing/experiment.js";
import { assertLearns } from "../../src/testing/laws/step.js";
import { assertCapturedLikeEager, runEagerly } from "../../src/testing/steps.js";
import { build } from "../support/components.js";
import { useEngine } from "../support/engine.js";
import { drawsOf, exact, logMarginalOf, type Values } from "../support/scaled-gaussian-model.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const iwaeWith =
  (fields: object) =>
  (model: Model): Objective =>
    build(iwae, { type: "iwae", ...fields }, { model, parameters: undefined as never });
/** Away from the exact posterior of the loading. */
const ROUGH: Values = { loading: 1.2, slope: 0.2, logVariance: 0.4 };

describe("the importance-weighted bound", () => {
  test("with one draw is the ELBO with a sampled KL: its mean is the exact one", () => {
    const { loss, terms } = drawsOf(engine, iwaeWith({ samples: 1 }), ROUGH, { x: 1.5, batch: 400 });
    // E_q (x - a z)^2 = (x - a b x)^2 + a^2 v.
    const v = Math.exp(ROUGH.logVariance);
    const distortion = (Math.log(2 * Math.PI) + (1.5 * (1 - 1.2 * 0.2)) ** 2 + 1.2 ** 2 * v) / 2;
    const rate = ((0.2 * 1.5) ** 2 + v - 1 - ROUGH.logVariance) / 2;
    expect(Math.abs(mean(loss) - distortion - rate)).toBeLessThan(4 * standardError(loss));
    expect(standardError(loss)).toBeLessThan(0.02);
    expect(terms[0]!.rate).toBeCloseTo(rate, 5);
    expect(terms[0]!.bound).toBeCloseTo(-loss[0]!, 6);
  });
  test("rises to ln p(x) with the draws, and never above it", () => {
    const truth = logMarginalOf(1.5, ROUGH);
    const bounds = [1, 5, 50].map((samples) => {
      const { loss } = drawsOf(engine, iwaeWith({ samples }), ROUGH, { batch: 400 });
      return { mean: -mean(loss), error: standardError(loss) };
    });
    for (const [i, bound] of bounds.entries()) {
      expect(bound.mean).toBeLessThan(truth + 3 * bound.error);
      if (i > 0) expect(bound.mean).toBeGreaterThan(bounds[i - 1]!.mean + 4 * bound.error);
    }
    expect(truth - bounds[2]!.mean).toBeLessThan(0.05);
  });
  test("is ln p(x) with any draws where q is the posterior", () => {
    for (const samples of [1, 7]) {
      const { loss } = drawsOf(engine, iwaeWith({ samples }), exact(1.2), { repeats: 3 });
      for (const value of loss) expect(-value).toBeCloseTo(logMarginalOf(1.5, exact(1.2)), 5);
    }
  });
});

const category = { shape: [3], posterior: "categorical", prior: "categorical", enumerate: true };
const MODELS: Readonly<Record<string, object>> = {
  ladder: {
    latents: {
      z1: {
        size: 2,
        inferredFrom: ["x", "z2"],
        generatedFrom: ["z2"],
        prior: { type: "gaussian", hidden: [4] },
        encoder: { type: "mlp", hidden: [4] },
      },
      z2: { size: 3 },
    },
  },
  "mixture that is summed over": {
    latents: { y: category, z: { size: 2, inferredFrom: ["x", "y"], generatedFrom: ["y"] } },
    generatedFrom: ["z"],
  },
};

describe.each(Object.keys(MODELS))("a %s", (name) => {
  test("trains by the bound, captured as eagerly", async () => {
    const made = await setUp(await loadWritten({ model: MODELS[name]!, objective: { type: "iwae", samples: 3 } }));
    if (name !== "ladder") assertLearns(engine, made);
    assertCapturedLikeEager(engine, made, 3);
  });
});

test("the bound of a latent that is summed over is that of its mixture", async () => {
  // One latent, summed over: ln sum_y p(x, y) exactly, whatever q and the draws.
  const lossAt = async (samples: number): Promise<number> => {
    const made = await setUp(
      await loadWritten({ model: { latents: { y: category } }, objective: { type: "iwae", samples } }),
    );
    return runEagerly(engine.noise, made, [0]).outputs[0]!["iwae.loss"]!.data[0]!;
  };
  expect(await lossAt(4)).toBeCloseTo(await lossAt(1), 5);
});

test("is refused where q has no density", async () => {
  await expect(loadWritten({ model: { posterior: "deterministic" }, objective: { type: "iwae" } })).rejects.toThrow(
    "Importance weights need the density of a draw",
  );
});
