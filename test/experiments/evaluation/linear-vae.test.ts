/**
 * Linear VAEs on Gaussian data, trained and scored as any spec is, against their closed forms: reverse water-filling at every
 * beta, probabilistic PCA, and the exact marginal of whatever weights training ended with. The training split's covariance has
 * exactly the eigenvalues asked for, and it is the split that is scored. The seeds are those of the example, 1 and 2.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { gaussian } from "../../../src/data/synthetic/gaussian.js";
import { mean } from "../../../src/numerics/statistics.js";
import type { ExperimentSpec } from "../../../src/spec/experiment-schema.js";
import fixtures from "../../fixtures/distributions.json" with { type: "json" };
import { root } from "../../structure/rooms.js";
import { type FinishedRun, runSweep } from "../../support/finished-runs.js";
import { type LinearGaussian, logMarginal, probabilisticPca, waterFilling } from "../../support/linear-gaussian.js";

const EXAMPLE = join(root, "examples", "linear-water-filling.json");
const MINUTE = 60_000;
const BETAS = [0.25, 0.5, 1, 2, 4];
const SEEDS = [1, 2];
const { sweep: _, ...example } = JSON.parse(readFileSync(EXAMPLE, "utf8")) as ExperimentSpec;
const EIGENVALUES = (example.data as { eigenvalues: readonly number[] }).eigenvalues;
const LATENT = Number(example.model.latent);
const SCALE = (example.model.likelihood as { scale: number }).scale;
const DIMENSIONS = EIGENVALUES.length;

const figure = ({ metrics }: FinishedRun, name: string): number => {
  const value = metrics.measurements[name]?.value;
  if (typeof value !== "number") throw new Error(`no figure ${name}`);
  return value;
};
const betaOf = ({ spec }: FinishedRun): number => (spec.objective.beta as { value: number }).value;
/** Means of what the last ten epochs logged of the training batches: one draw an example and epoch is too few. */
const logged = ({ history }: FinishedRun): ((name: string, dimension?: number) => number) => {
  const last = history.at(-1)!.epoch;
  const lines = history.filter(({ epoch, split }) => epoch > last - 10 && split === "train");
  return (wanted, at) =>
    mean(lines.filter(({ name, dimension }) => name === wanted && dimension === at).map(({ value }) => value));
};

/** The decoder and its scale as they were trained. */
const decoderOf = ({ spec, parameters }: FinishedRun): LinearGaussian => {
  const { scale, learn, floor } = spec.model.likelihood;
  return {
    weights: parameters["decoder/output/weights"]!.data,
    bias: parameters["decoder/output/bias"]!.data,
    scale: learn === "no" ? Number(scale) : Number(floor) + Math.exp(parameters["likelihood/log-scale"]!.data[0]!),
  };
};
const exactNll = async (run: FinishedRun): Promise<number[]> => {
  const dataset = await gaussian.create(run.spec.data as never, { folder: root });
  const split = dataset.split("train", "evaluation");
  const { x } = split.read(Array.from({ length: split.size }, (_, i) => i));
  return logMarginal(decoderOf(run), x!).map((value) => -value);
};

it("has an oracle that agrees with SciPy's on correlated and on orthogonal weights", () => {
  const { scale, x, exact, factorized } = fixtures.linearModel;
  for (const { weights, logProb } of [exact, factorized]) {
    const transposed = [0, 1].flatMap((j) => weights.map((row) => row[j]!));
    const found = logMarginal({ weights: transposed, bias: [0, 0, 0, 0, 0], scale }, x.flat());
    for (const [i, value] of logProb.entries()) expect(found[i]).toBeCloseTo(value, 10);
  }
});

describe("the linear beta-VAE with a fixed scale", () => {
  let runs: FinishedRun[];
  beforeAll(async () => {
    runs = await runSweep(EXAMPLE);
  }, 5 * MINUTE);
  const closedForm = (run: FinishedRun) => waterFilling(EIGENVALUES, LATENT, betaOf(run) * SCALE ** 2);

  it("ran at every beta and seed, no eigenvalue within a quarter of a threshold", () => {
    expect(runs.map((run) => [betaOf(run), run.spec.seed])).toEqual(BETAS.flatMap((b) => SEEDS.map((s) => [b, s])));
    for (const beta of BETAS)
      for (const value of EIGENVALUES) expect(Math.abs(value / (beta * SCALE ** 2) - 1)).toBeGreaterThan(0.25);
  });

  it.each(BETAS)("at beta %d has the squared error, rate and active units of reverse water-filling", (beta) => {
    for (const run of runs.filter((each) => betaOf(each) === beta)) {
      const { squaredError, rate, active } = closedForm(run);
      expect(Math.abs(figure(run, "squaredError") / squaredError - 1)).toBeLessThan(0.03);
      expect(Math.abs(figure(run, "rate") - rate)).toBeLessThan(Math.max(0.03, 0.03 * rate));
      expect(figure(run, "activeUnits")).toBe(active);
    }
  });

  it.each(BETAS)("at beta %d has a distortion of squared error / (2 s^2) and its constant", (beta) => {
    for (const run of runs.filter((each) => betaOf(each) === beta)) {
      const expected =
        (DIMENSIONS / 2) * Math.log(2 * Math.PI * SCALE ** 2) + figure(run, "squaredError") / (2 * SCALE ** 2);
      expect(figure(run, "distortion") / expected).toBeCloseTo(1, 5);
      expect(figure(run, "elbo")).toBeCloseTo(-figure(run, "distortion") - figure(run, "rate"), 4);
    }
  });

  it.each(BETAS)("at beta %d logs that rate and distortion, and a KL by dimension that sums to the rate", (beta) => {
    for (const run of runs.filter((each) => betaOf(each) === beta)) {
      const { squaredError, rate } = closedForm(run);
      const log = logged(run);
      expect(Math.abs(log("rate") - rate)).toBeLessThan(Math.max(0.03, 0.03 * rate));
      const distortion = (DIMENSIONS / 2) * Math.log(2 * Math.PI * SCALE ** 2) + squaredError / (2 * SCALE ** 2);
      expect(Math.abs(log("distortion") - distortion)).toBeLessThan((0.03 * squaredError) / (2 * SCALE ** 2));
      const byDimension = Array.from({ length: LATENT }, (_, j) => log("kl", j));
      expect(byDimension.reduce((a, b) => a + b) / log("rate")).toBeCloseTo(1, 5);
      expect(log("loss") / (log("distortion") + beta * log("rate"))).toBeCloseTo(1, 5);
    }
  });

  it.each(BETAS)(
    "at beta %d has the exact NLL of its weights when it is asked through the refitted encoder",
    async (beta) => {
      for (const run of runs.filter((each) => betaOf(each) === beta)) {
        const exact = await exactNll(run);
        expect(Math.abs(figure(run, "nll") - mean(exact))).toBeLessThan(0.1);
        // By example, in the split's order.
        const far = run.perExample.nll!.map((value, i) => Math.abs(value - exact[i]!));
        expect(mean(far)).toBeLessThan(0.1);
      }
    },
  );

  it("has an NLL through its own encoder that is the exact one at beta 1 alone", async () => {
    for (const run of runs) {
      const gap = figure(run, "nllTrainingEncoder") - mean(await exactNll(run));
      if (betaOf(run) === 1) expect(Math.abs(gap)).toBeLessThan(0.02);
      if (betaOf(run) === 0.25) expect(gap).toBeGreaterThan(0.2);
    }
  });
});

describe("the linear VAE at beta 1", () => {
  // Four, so that four discarded eigenvalues tell the noise what it is: with two, a learned scale takes many times the steps.
  const latent = 4;
  const { noiseVariance, logLikelihood } = probabilisticPca(EIGENVALUES, latent);
  const likelihoods = [
    { type: "gaussian", scale: Math.sqrt(noiseVariance) },
    { type: "gaussian", scale: 1, learn: "shared" },
  ];
  let runs: FinishedRun[];
  beforeAll(async () => {
    const sweep = { grid: { "model.likelihood": likelihoods }, seeds: SEEDS };
    runs = await runSweep({ ...example, model: { ...example.model, latent }, sweep });
  }, 3 * MINUTE);

  describe.each([
    ["the scale at its optimum", "no"],
    ["a learned scale", "shared"],
  ])("with %s", (_, learn) => {
    const chosen = (): FinishedRun[] => runs.filter(({ spec }) => spec.model.likelihood.learn === learn);

    it("has the log-likelihood of probabilistic PCA, by its weights and by importance sampling", async () => {
      expect(chosen().length).toBe(SEEDS.length);
      for (const run of chosen()) {
        const exact = -mean(await exactNll(run));
        expect(Math.abs(exact - logLikelihood) / DIMENSIONS).toBeLessThan(0.05);
        expect(Math.abs(-figure(run, "nll") - logLikelihood) / DIMENSIONS).toBeLessThan(0.05);
        // That is the maximum: no weights reach beyond it.
        expect(exact).toBeLessThan(logLikelihood + 1e-4);
      }
    });

    it("has the noise, squared error and rate that go with it", () => {
      const { squaredError, rate } = waterFilling(EIGENVALUES, latent, noiseVariance);
      for (const run of chosen()) {
        expect(Math.abs(decoderOf(run).scale ** 2 / noiseVariance - 1)).toBeLessThan(0.03);
        expect(Math.abs(figure(run, "squaredError") / squaredError - 1)).toBeLessThan(0.03);
        expect(Math.abs(figure(run, "rate") - rate)).toBeLessThan(Math.max(0.03, 0.03 * rate));
      }
    });
  });
});
