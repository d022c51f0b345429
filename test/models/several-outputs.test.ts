/**
 * A model of two fields, against the joint Gaussian that a linear one is: x = s_x (W_x z + b_x + e), y = s_y (W_y z + b_y + e) with
 * z ~ N(0, I), so (x / s_x, y / s_y) ~ N(b, W W' + I).
 */
import { beforeAll, expect, test } from "vitest";
import { builtins } from "../../src/builtins.js";
import type { Dataset } from "../../src/contracts/dataset.js";
import type { MetricContext } from "../../src/contracts/metric.js";
import type { HostTensor } from "../../src/contracts/program.js";
import { capturedRunner } from "../../src/engine/capture/runner.js";
import { metricContext } from "../../src/experiments/evaluation/metric-context.js";
import { loadOptions } from "../../src/experiments/runs/load-options.js";
import { assemble } from "../../src/experiments/training/assemble.js";
import {
  distortionByOutput,
  distortionOf,
  elboTerms,
  logImportanceWeights,
  weightedDistortionOf,
} from "../../src/inference/elbo-terms.js";
import { elbo } from "../../src/metrics/index.js";
import { createBuilder } from "../../src/registry/components/build.js";
import { createCatalogue } from "../../src/registry/components/catalogue.js";
import { loadExperimentValue } from "../../src/registry/experiment.js";
import { sumEvent } from "../../src/tensor/mathematics.js";
import type { Tensor } from "../../src/tensor/tensor.js";
import { calling } from "../support/calls.js";
import { useEngine } from "../support/engine.js";
import { exactPosterior, logMarginal } from "../support/linear-gaussian.js";
import { measure } from "../support/measure.js";
import { twoFields } from "../support/two-fields.js";

/** Of the columns x0, x1, x2, y0, y1. */
const SCALES = [0.7, 0.7, 0.7, 0.4, 0.4];
/** W', orthogonal rows. */
const LOADINGS = [
  [0.6, 0.6, 0, 0.6, 0],
  [0.8, -0.8, 0.8, 0, 0.8],
];
const BIAS = [0.3, -0.2, 0.5, 0.1, -0.4];
const STANDARDIZED = { weights: LOADINGS.flat(), bias: BIAS, scale: 1 };
const WEIGHT = 3;

const SPEC = {
  name: "two-fields",
  training: { batchSize: 12 },
  model: {
    latent: 2,
    encoder: { type: "mlp", hidden: [] },
    decoder: { type: "mlp", hidden: [] },
    outputs: {
      x: { likelihood: { type: "gaussian", scale: SCALES[0]! } },
      y: { likelihood: { type: "gaussian", scale: SCALES[3]! }, weight: WEIGHT },
    },
  },
};

const tensor = (shape: number[], data: readonly number[]): HostTensor => ({ shape, data: Float32Array.from(data) });
const columns = (row: readonly number[], name: "x" | "y"): readonly number[] =>
  name === "x" ? row.slice(0, 3) : row.slice(3);
const scaled = (row: readonly number[]): number[] => row.map((value, j) => value * SCALES[j]!);

/** The model by hand, its posterior the exact one. */
const handMade = async (partial: boolean): Promise<{ context: MetricContext; dataset: Dataset }> => {
  const engine = await useEngine();
  const catalogue = createCatalogue([...builtins, twoFields]);
  const outputs = { ...SPEC.model.outputs, y: { ...SPEC.model.outputs.y, encode: !partial } };
  const written = { ...SPEC, data: { type: "two-fields", partial }, model: { ...SPEC.model, outputs } };
  const { spec } = await loadExperimentValue(written, loadOptions({}, catalogue));
  const builder = createBuilder(catalogue);
  const dataset = await builder.build("dataset", spec.data, "/data", { dataset: () => ({ folder: "." }) });
  const { model, store } = await assemble(spec, dataset, builder);
  const { gain, offset, variance } = exactPosterior(STANDARDIZED);
  const seen = partial ? 3 : 5;
  const slopes = Array.from({ length: seen }, (_, j) => [0, 1].map((k) => gain.get(k, j) / SCALES[j]!)).flat();
  const parameters = {
    "posterior/mean/weights": tensor([seen, 2], slopes),
    "posterior/mean/bias": tensor([2], offset),
    "posterior/log-variance/weights": tensor([seen, 2], Array(2 * seen).fill(0)),
    "posterior/log-variance/bias": tensor([2], variance.map(Math.log)),
    ...Object.fromEntries(
      (["x", "y"] as const).flatMap((name) => {
        const [bias, rows] = [columns(scaled(BIAS), name), LOADINGS.map((row) => columns(scaled(row), name))];
        return [
          [`outputs/${name}/decoder/output/weights`, tensor([2, bias.length], rows.flat())],
          [`outputs/${name}/decoder/output/bias`, tensor([bias.length], bias)],
        ];
      }),
    ),
  };
  expect(Object.keys(parameters).sort()).toEqual(store.parameters.map(({ name }) => name).sort());
  const runner = capturedRunner(engine, { mode: engine.name === "native" ? "require" : "never" });
  return { dataset, context: metricContext({ model, store, dataset, seed: 1, parameters, runner }, "test", {}) };
};

/** By name, what a body returns of the only block of the split. */
const ask = async (
  context: MetricContext,
  body: (terms: ReturnType<typeof elboTerms>) => Record<string, Tensor>,
): Promise<Record<string, HostTensor>> => {
  let found: Record<string, HostTensor> = {};
  await context.blocks({
    name: "terms",
    body: (batch, noise) => {
      const inferred = context.model.infer(batch, { ...calling(noise.fork("infer")), samples: 4 });
      return body(elboTerms(context.model, batch, inferred, calling(noise.fork("generate"))));
    },
    receive: (outputs) => {
      found = Object.fromEntries(
        Object.entries(outputs).map(([name, { shape, data }]) => [name, { shape, data: Float32Array.from(data) }]),
      );
    },
  });
  return found;
};

let whole: MetricContext;
let dataset: Dataset;
beforeAll(async () => {
  ({ context: whole, dataset } = await handMade(false));
});

test("every draw of the exact posterior weighs p(x, y)", async () => {
  const { weights } = await ask(whole, (terms) => ({ weights: logImportanceWeights(terms) }));
  const split = dataset.split("test", "evaluation");
  const { x, y } = split.read(Array.from({ length: whole.size }, (_, i) => i));
  const rows = Array.from({ length: whole.size }, (_, i) =>
    [...x!.subarray(3 * i, 3 * i + 3), ...y!.subarray(2 * i, 2 * i + 2)].map((value, j) => value / SCALES[j]!),
  );
  const jacobian = SCALES.reduce((sum, scale) => sum + Math.log(scale), 0);
  const exact = logMarginal(STANDARDIZED, rows.flat()).map((value) => value - jacobian);
  expect(weights!.shape).toEqual([4, whole.size]);
  for (const [i, value] of weights!.data.entries()) expect(value).toBeCloseTo(exact[i % whole.size]!, 3);
});

test("the distortion is the sum over the outputs, by weight in a loss", async () => {
  const { x, y, all, weighted } = await ask(whole, (terms) => ({
    ...distortionByOutput(terms),
    all: distortionOf(terms),
    weighted: weightedDistortionOf(terms),
  }));
  for (const [i, value] of all!.data.entries()) {
    expect(value).toBeCloseTo(x!.data[i]! + y!.data[i]!, 4);
    expect(weighted!.data[i]).toBeCloseTo(x!.data[i]! + WEIGHT * y!.data[i]!, 4);
  }
});

test("the metric has the distortion and the squared error of each, which a Gaussian joins", async () => {
  const { measurements } = await measure(elbo, { samples: 5 }, whole);
  const value = (name: string): number => measurements[name]!.value!;
  expect(value("distortion")).toBeCloseTo(value("outputDistortion.x") + value("outputDistortion.y"), 4);
  for (const [name, size] of [
    ["x", 3],
    ["y", 2],
  ] as const) {
    const variance = SCALES[name === "x" ? 0 : 3]! ** 2;
    const expected = (size / 2) * Math.log(2 * Math.PI * variance) + value(`squaredError.${name}`) / (2 * variance);
    expect(value(`outputDistortion.${name}`)).toBeCloseTo(expected, 4);
  }
  expect(measurements.squaredError).toBeUndefined();
});

test("an output that is missing drops out, and one that the encoder does not see is generated", async () => {
  const { context: partial } = await handMade(true);
  const { x, y, all } = await ask(partial, (terms) => ({
    ...terms.logLikelihoods,
    all: sumEvent(terms.logLikelihood, 0),
  }));
  for (let i = 0; i < all!.data.length; i++) {
    const isMissing = (i % partial.size) % 3 === 0;
    expect(y!.data[i] === 0).toBe(isMissing);
    expect(all!.data[i]).toBeCloseTo(x!.data[i]! + y!.data[i]!, 4);
  }
});
