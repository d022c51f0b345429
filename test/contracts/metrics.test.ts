/** Metrics look and do not touch: figures of stable names, the same whenever asked and on either runner; no parameter moves. */
import { beforeAll, describe, expect, test } from "vitest";
import type { FeatureExtractor, Metric } from "../../src/contracts/index.js";
import type { ProgramRunner } from "../../src/contracts/program.js";
import { capturedRunner } from "../../src/engine/capture/runner.js";
import { eagerRunner } from "../../src/engine/eager.js";
import type { Engine } from "../../src/engine/engine.js";
import { samplersOf } from "../../src/experiments/evaluation/evaluate.js";
import { featureExtractor } from "../../src/experiments/evaluation/feature-extractor.js";
import { LEARNING_RATE } from "../../src/experiments/evaluation/feature-training.js";
import { metricContext } from "../../src/experiments/evaluation/metric-context.js";
import { innerAdam } from "../../src/experiments/training/inner-optimizer.js";
import { inferenceNames } from "../../src/models/latent-variable-model.js";
import { tf } from "../../src/tensor/tensor.js";
import { loadCase, loadWritten, type SetUp, setUp } from "../../src/testing/experiment.js";
import { useEngine } from "../support/engine.js";
import { measureBuilt } from "../support/measure.js";
import { casesOfKind } from "./support/cases.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

/** One for both runners: what is compared are the metrics. */
const extractors = new Map<string, () => Promise<FeatureExtractor>>();
const extractorOf = ({ dataset, builder, spec }: SetUp): (() => Promise<FeatureExtractor>) => {
  const key = JSON.stringify(spec.data);
  const known = extractors.get(key);
  if (known) return known;
  const made = featureExtractor({
    dataset,
    dataSeed: 0,
    runner: capturedRunner(engine, { warn: fail }),
    optimizer: () => innerAdam(builder, LEARNING_RATE, "/extractor/optimizer"),
    warn: fail,
  });
  extractors.set(key, made);
  return made;
};
const fail = (message: string): void => expect.fail(message);

interface Measuring {
  type: string;
  metric: Metric;
}
const evaluate = async (
  made: SetUp,
  { type, metric }: Measuring,
  runner: ProgramRunner,
  split: "validation" | "test" = "test",
): ReturnType<typeof measureBuilt> => {
  const { assembled, dataset, spec } = made;
  const parameters = assembled.initialValues;
  const refitted = async () =>
    Object.fromEntries(
      Object.entries(parameters).flatMap(([name, { shape, data }]) =>
        inferenceNames(assembled.store).has(name)
          ? [[name, { shape, data: Float32Array.from(data, (value) => 0.9 * value) }]]
          : [],
      ),
    );
  const samplers = await samplersOf(made);
  const services = { refitted, samplers, warn: fail, ...(metric.needs && { extractor: extractorOf(made) }) };
  return measureBuilt(
    made.builder.definition("metric", type),
    metric,
    metricContext({ ...assembled, dataset, seed: spec.seed, parameters, runner }, split, services),
  );
};
const shapeOf = ({ measurements, controls = {}, perExample }: Awaited<ReturnType<typeof measureBuilt>>) => ({
  controls: Object.entries(controls).map(([set, found]) => [set, Object.keys(found)]),
  measurements: Object.entries(measurements).map(([name, { unit, k }]) => [name, unit, k]),
  perExample: Object.keys(perExample),
});

for (const each of casesOfKind("metric"))
  describe(each.name, () => {
    let made: SetUp;
    let measuring: Measuring;
    beforeAll(async () => {
      made = await setUp(await loadCase(each));
      const metric = await made.builder.build("metric", each.fields, "/metric", {
        schedule: () => ({ totalSteps: 1 }),
      });
      measuring = { type: each.fields.type, metric };
    });

    test("says of each figure its unit and examples, or why it has none", async () => {
      const { measurements, controls = {}, perExample } = await evaluate(made, measuring, eagerRunner(engine.noise));
      expect(Object.keys(measurements).length).toBeGreaterThan(0);
      const all = [measurements, ...Object.values(controls)].flatMap((set) => Object.values(set));
      for (const { value, unit, n, note, class: ofClass } of all) {
        if (value === null) expect(note).toBeTruthy();
        else expect(Number.isFinite(value)).toBe(true);
        expect(unit).not.toBe("");
        // A class has fewer examples than the split.
        if (ofClass) expect(n).toBeLessThan(made.dataset.sizes.test);
        else expect(n).toBe(made.dataset.sizes.test);
      }
      for (const [name, values] of Object.entries(perExample)) {
        expect(measurements[name]!.value).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 3);
        expect(values).toHaveLength(made.dataset.sizes.test);
        expect(values.every(Number.isFinite)).toBe(true);
      }
    });

    test("gives the same to the byte when asked again, and the same names for another split", async () => {
      const runner = eagerRunner(engine.noise);
      const first = await evaluate(made, measuring, runner);
      expect(await evaluate(made, measuring, runner)).toEqual(first);
      expect(shapeOf(await evaluate(made, measuring, runner, "validation"))).toEqual(shapeOf(first));
    });

    test("moves no parameter and leaves no tensor behind", async () => {
      const before = structuredClone(made.assembled.initialValues);
      const tensors = tf.memory().numTensors;
      await evaluate(made, measuring, eagerRunner(engine.noise));
      expect(made.assembled.initialValues).toEqual(before);
      expect(tf.memory().numTensors).toBe(tensors);
    });

    test("reads the same from a graph", async ({ skip }) => {
      skip(engine.name !== "native", "graphs are native");
      const eager = await evaluate(made, measuring, eagerRunner(engine.noise));
      const captured = await evaluate(made, measuring, capturedRunner(engine, { mode: "require" }));
      expect(shapeOf(captured)).toEqual(shapeOf(eager));
      for (const [name, { value }] of Object.entries(eager.measurements)) {
        if (value === null) expect(captured.measurements[name]!.value).toBeNull();
        else
          expect(Math.abs(captured.measurements[name]!.value! - value)).toBeLessThan(
            1e-4 * Math.max(1, Math.abs(value)),
          );
      }
    });

    test("of a posterior without density it gives a figure or the reason why there is none", async () => {
      const written = { model: { posterior: "deterministic" }, objective: { type: "elbo", beta: 0 } };
      const { measurements } = await evaluate(
        await setUp(await loadWritten(written)),
        measuring,
        eagerRunner(engine.noise),
      );
      for (const { value, note } of Object.values(measurements)) if (value === null) expect(note).toBeTruthy();
    });
  });
