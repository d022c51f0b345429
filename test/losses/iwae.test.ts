import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../src/engine/engine.js";
import { iwae } from "../../src/losses/iwae.js";
import { mean, standardError } from "../../src/numerics/statistics.js";
import { loadWritten, setUp } from "../../src/testing/experiment.js";
import { assertLearns } from "../../src/testing/laws/step.js";
import { assertCapturedLikeEager, gradientsAt, runEagerly } from "../../src/testing/steps.js";
import { useEngine } from "../support/engine.js";
import { drawsOf, exact, logMarginalOf, objectiveOf, ROUGH } from "../support/scaled-gaussian-model.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const iwaeWith = (fields: object) => objectiveOf(iwae, fields);

describe("the importance-weighted bound", () => {
  test("with one draw is the ELBO with a sampled KL: its mean is the exact one", () => {
    const { loss, terms } = drawsOf(engine, iwaeWith({ samples: 1 }), ROUGH, { batch: 1000, repeats: 15 });
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
      const { loss } = drawsOf(engine, iwaeWith({ samples }), ROUGH, { batch: 1000, repeats: 15 });
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

describe("the estimators of its gradient", () => {
  const differ = (fields: object): void => {
    const [found, path] = [fields, { ...fields, estimator: "pathwise" }].map((each) =>
      drawsOf(engine, iwaeWith(each), ROUGH, { batch: 800, repeats: 20 }),
    ) as [ReturnType<typeof drawsOf>, ReturnType<typeof drawsOf>];
    for (const name of ["loading", "slope", "logVariance"] as const) {
      const differences = found.gradients[name].map((value, i) => value - path.gradients[name][i]!);
      // The draws are the same, so the differences vary less than the gradients; those in the loading are none.
      expect(Math.abs(mean(differences))).toBeLessThan(4 * standardError(differences) + 1e-6);
      expect(standardError(differences)).toBeLessThan(0.02);
    }
    expect(mean(found.loss)).toBeCloseTo(mean(path.loss), 6);
  };
  test("dreg and pathwise agree in expectation", () => differ({ samples: 4, estimator: "dreg" }));
  test("stl and pathwise agree with one draw", () => differ({ samples: 1, estimator: "stl" }));
  test("stl is biased with several", () => {
    const [stl, dreg] = ["stl", "dreg"].map(
      (estimator) =>
        drawsOf(engine, iwaeWith({ samples: 4, estimator }), ROUGH, { batch: 800, repeats: 10 }).gradients.logVariance,
    );
    const differences = stl!.map((value, i) => value - dreg![i]!);
    expect(Math.abs(mean(differences))).toBeGreaterThan(10 * standardError(differences));
  });
  test("stl and dreg have no variance where q is the posterior, and pathwise has some", () => {
    const largest = (estimator: string): number => {
      const { gradients } = drawsOf(engine, iwaeWith({ samples: 3, estimator }), exact(1.2), { repeats: 5 });
      return Math.max(...[...gradients.slope, ...gradients.logVariance].map(Math.abs));
    };
    expect(largest("stl")).toBeLessThan(1e-5);
    expect(largest("dreg")).toBeLessThan(1e-5);
    expect(largest("pathwise")).toBeGreaterThan(0.01);
  });
  test.each([
    [
      "gumbel-softmax",
      "draws with a gradient",
      { latents: { y: { shape: [3], posterior: "gumbel-softmax", prior: "categorical" } } },
    ],
    ["flow", "ln q at a draw apart", { posterior: "flow" }],
  ])("are refused where q cannot give them: %s", async (_, reason, model) => {
    const objective = { type: "iwae", estimator: "dreg" };
    await expect(loadWritten({ model, objective })).rejects.toThrow(`dreg needs ${reason}`);
    await loadWritten({ model, objective: "iwae" as never });
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

describe("dreg in a ladder", () => {
  test("agrees with pathwise in expectation, in every parameter", async () => {
    const [dreg, path] = await Promise.all(
      ["dreg", "pathwise"].map(async (estimator) => {
        const objective = { type: "iwae", samples: 2, estimator };
        const made = await setUp(await loadWritten({ model: MODELS.ladder!, objective }));
        return Array.from({ length: 40 }, (_, step) => gradientsAt(engine, made, step));
      }),
    );
    for (const name of Object.keys(path![0]!)) {
      const sum = (each: (typeof path & object)[number]): number =>
        Array.from(each[name]?.data ?? []).reduce((total, value) => total + value, 0);
      const differences = dreg!.map((each, i) => sum(each) - sum(path![i]!));
      expect([name, Math.abs(mean(differences)) < 4.5 * standardError(differences) + 1e-5]).toEqual([name, true]);
    }
  });
  test("captured, does what it does eagerly", async () => {
    const objective = { type: "iwae", samples: 2, estimator: "dreg" };
    assertCapturedLikeEager(engine, await setUp(await loadWritten({ model: MODELS.ladder!, objective })), 3);
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
