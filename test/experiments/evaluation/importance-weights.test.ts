/**
 * Importance weights of a linear VAE made by hand, of shipped parts and captured: where q(z|x) is the exact posterior every
 * draw weighs p(x); where it is not, one draw gives the evidence lower bound and more draws come up from it to ln p(x).
 */

import { beforeAll, describe, expect, it } from "vitest";
import type { MetricContext } from "../../../src/contracts/metric.js";
import type { HostTensor } from "../../../src/contracts/program.js";
import { capturedRunner } from "../../../src/engine/capture/runner.js";
import { metricContext } from "../../../src/experiments/evaluation/metric-context.js";
import { loadOptions } from "../../../src/experiments/runs/load-options.js";
import { assemble } from "../../../src/experiments/training/assemble.js";
import { elboTerms, logImportanceWeights } from "../../../src/inference/elbo-terms.js";
import { elbo, iwaeNll } from "../../../src/metrics/index.js";
import { meanAndError } from "../../../src/numerics/statistics.js";
import { createBuilder } from "../../../src/registry/components/build.js";
import { loadExperimentValue } from "../../../src/registry/experiment.js";
import { calling } from "../../support/calls.js";
import { useEngine } from "../../support/engine.js";
import { exactPosterior, type LinearGaussian, logMarginal } from "../../support/linear-gaussian.js";
import { measure } from "../../support/measure.js";

const SCALE = 0.7;
/** Orthogonal, and along no axis. */
const MODEL: LinearGaussian = {
  weights: [0.6, 0.6, 0.6, 0.6, 0.8, -0.8, 0.8, -0.8],
  bias: [0.3, -0.2, 0.5, 0],
  scale: SCALE,
};
const SPEC = {
  name: "by-hand",
  data: { type: "gaussian", eigenvalues: [4, 2, 1, 0.5], train: 200, validation: 100, test: 400 },
  model: {
    latent: 2,
    encoder: { type: "mlp", hidden: [] },
    decoder: { type: "mlp", hidden: [] },
    likelihood: { type: "gaussian", scale: SCALE },
  },
};

const tensor = (shape: number[], data: ArrayLike<number>): HostTensor => ({ shape, data: Float32Array.from(data) });
interface HandMade {
  context: MetricContext;
  /** ln p(x) by example of the split that is scored. */
  logProb: number[];
}
/** The posterior's log-variance is off by `widened`, the slope of its mean by a factor of `shrunk`. */
const handMade = async ({ widened, shrunk }: { widened: number; shrunk: number }): Promise<HandMade> => {
  const engine = await useEngine();
  const { spec, catalogue } = await loadExperimentValue(SPEC, loadOptions());
  const builder = await createBuilder(catalogue);
  const dataset = await builder.build("dataset", spec.data, "/data", { dataset: () => ({ folder: "." }) });
  const { model, store } = await assemble(spec, dataset, builder);
  const { gain, offset, variance } = exactPosterior(MODEL);
  const logVariance = variance.map((value) => Math.log(value) + widened);
  const parameters = {
    "decoder/output/weights": tensor([2, 4], MODEL.weights),
    "decoder/output/bias": tensor([4], MODEL.bias),
    "posterior/mean/weights": tensor([4, 2], gain.transpose().mul(shrunk).to1DArray()),
    "posterior/mean/bias": tensor([2], offset),
    "posterior/log-variance/weights": tensor([4, 2], new Float32Array(8)),
    "posterior/log-variance/bias": tensor([2], logVariance),
  };
  expect(Object.keys(parameters).sort()).toEqual(store.parameters.map(({ name }) => name).sort());
  const runner = capturedRunner(engine, { mode: engine.name === "native" ? "require" : "never" });
  const split = dataset.split("test", "evaluation");
  const { x } = split.read(Array.from({ length: split.size }, (_, i) => i));
  return {
    context: metricContext({ model, store, dataset, seed: 1, parameters, runner }, "test", {}),
    logProb: logMarginal(MODEL, x!),
  };
};

let exact: HandMade;
let poor: HandMade;
beforeAll(async () => {
  exact = await handMade({ widened: 0, shrunk: 1 });
  poor = await handMade({ widened: 0.7, shrunk: 0.8 });
});

const nllOf = ({ context }: HandMade, samples: number) => measure(iwaeNll, { samples }, context);
const boundOf = async ({ context }: HandMade, samples: number): Promise<number[]> => {
  const { perExample } = await measure(elbo, { samples }, context);
  return Array.from(perExample!.elbo!);
};
/** How many standard errors the mean difference of two lists by example is from 0. */
const deviations = (a: ArrayLike<number>, b: readonly number[]): number => {
  const { mean, standardError } = meanAndError(b.map((value, i) => a[i]! - value));
  return Math.abs(mean) / standardError;
};

describe("where q is the exact posterior", () => {
  it("every draw weighs p(x)", async () => {
    const { context, logProb } = exact;
    const { model, blocks } = context;
    let seen = 0;
    let farthest = 0;
    await blocks({
      name: "weights",
      body: (batch, noise) => {
        const inferred = model.infer(batch, { ...calling(noise.fork("infer")), samples: 20 });
        const calls = calling(noise.fork("generate"));
        return { logWeights: logImportanceWeights(elboTerms(model, batch, inferred, calls)) };
      },
      receive: ({ logWeights }, { start, size }) => {
        logWeights!.data.forEach((value, i) => {
          seen++;
          farthest = Math.max(farthest, Math.abs(value - logProb[start + (i % size)]!));
        });
      },
    });
    expect(seen).toBe(20 * 400);
    expect(farthest).toBeLessThan(1e-4);
  });

  it.each([1, 3, 60])("IWAE-%i is ln p(x) of every example, with as many effective draws", async (samples) => {
    const { measurements, perExample } = await nllOf(exact, samples);
    for (const [i, value] of exact.logProb.entries()) expect(perExample!.nll![i]).toBeCloseTo(-value, 4);
    expect(measurements.effectiveSampleSize!.value! / samples).toBeCloseTo(1, 4);
  });

  it("the evidence lower bound is ln p(x), in expectation", async () => {
    expect(deviations(await boundOf(exact, 100), exact.logProb)).toBeLessThan(4);
  });
});

describe("where q is another", () => {
  it("IWAE-1 is the evidence lower bound, in expectation", async () => {
    const { perExample } = await nllOf(poor, 1);
    const bound = await boundOf(poor, 100);
    expect(
      deviations(
        perExample!.nll!.map((value) => -value),
        bound,
      ),
    ).toBeLessThan(4);
    // And far from ln p(x), so that the next test has a way to go.
    expect(deviations(bound, poor.logProb)).toBeGreaterThan(10);
  });

  it("IWAE-k rises with k and comes up to ln p(x)", async () => {
    const truth = meanAndError(poor.logProb).mean;
    const bounds = await Promise.all(
      [1, 2, 5, 20, 100, 1000].map(async (k) => -(await nllOf(poor, k)).measurements.nll!.value!),
    );
    for (const [i, bound] of bounds.entries()) if (i > 0) expect(bound).toBeGreaterThan(bounds[i - 1]!);
    expect(Math.abs(bounds.at(-1)! - truth)).toBeLessThan(0.01);
  });
});
