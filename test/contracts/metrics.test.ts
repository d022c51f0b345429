/** Metrics look and do not touch: figures of stable names, the same whenever asked and on either runner; no parameter moves. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Metric, MetricResult } from "../../src/core/contracts/index.js";
import type { ProgramRunner } from "../../src/core/program.js";
import { tf } from "../../src/core/tensor.js";
import { capturedRunner } from "../../src/engine/capture/runner.js";
import { eagerRunner } from "../../src/engine/eager.js";
import type { Engine } from "../../src/engine/load.js";
import { metricContext } from "../../src/experiments/evaluation-program.js";
import { isInference } from "../../src/models/latent-variable-model.js";
import { useEngine } from "../support/engine.js";
import { casesOfKind } from "./support/cases.js";
import { loadCase, loadWritten, type SetUp, setUp } from "./support/experiment.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const evaluate = (
  { assembled, dataset, spec }: SetUp,
  metric: Metric,
  runner: ProgramRunner,
  split: "validation" | "test" = "test",
): Promise<MetricResult> => {
  const parameters = assembled.initialValues;
  const refitted = async () =>
    Object.fromEntries(
      Object.entries(parameters).flatMap(([name, { shape, data }]) =>
        isInference(name) ? [[name, { shape, data: Float32Array.from(data, (value) => 0.9 * value) }]] : [],
      ),
    );
  return metric.evaluate(
    metricContext({ ...assembled, dataset, seed: spec.seed, parameters, runner }, split, { refitted }),
  );
};
const shapeOf = ({ figures, perExample = {} }: MetricResult) => ({
  figures: Object.entries(figures).map(([name, { unit, k }]) => [name, unit, k]),
  perExample: Object.keys(perExample),
});

for (const each of casesOfKind("metric"))
  describe(each.name, () => {
    let made: SetUp;
    let metric: Metric;
    beforeAll(async () => {
      made = await setUp(await loadCase(each));
      metric = await made.builder.build("metric", each.fields, "/metric", { schedule: () => ({ totalSteps: 1 }) });
    });

    test("says of each figure its unit and examples, or why it has none", async () => {
      const { figures, perExample = {} } = await evaluate(made, metric, eagerRunner(engine.noise));
      expect(Object.keys(figures).length).toBeGreaterThan(0);
      for (const { value, unit, n, note } of Object.values(figures)) {
        if (value === null) expect(note).toBeTruthy();
        else expect(Number.isFinite(value)).toBe(true);
        expect(unit).not.toBe("");
        expect(n).toBe(made.dataset.sizes.test);
      }
      for (const values of Object.values(perExample)) {
        expect(values).toHaveLength(made.dataset.sizes.test);
        expect(values.every(Number.isFinite)).toBe(true);
      }
    });

    test("gives the same to the byte when asked again, and the same names for another split", async () => {
      const runner = eagerRunner(engine.noise);
      const first = await evaluate(made, metric, runner);
      expect(await evaluate(made, metric, runner)).toEqual(first);
      expect(shapeOf(await evaluate(made, metric, runner, "validation"))).toEqual(shapeOf(first));
    });

    test("moves no parameter and leaves no tensor behind", async () => {
      const before = structuredClone(made.assembled.initialValues);
      const tensors = tf.memory().numTensors;
      await evaluate(made, metric, eagerRunner(engine.noise));
      expect(made.assembled.initialValues).toEqual(before);
      expect(tf.memory().numTensors).toBe(tensors);
    });

    test("reads the same from a graph", async ({ skip }) => {
      skip(engine.name !== "native", "graphs are native");
      const eager = await evaluate(made, metric, eagerRunner(engine.noise));
      const captured = await evaluate(made, metric, capturedRunner(engine, { mode: "require" }));
      expect(shapeOf(captured)).toEqual(shapeOf(eager));
      for (const [name, { value }] of Object.entries(eager.figures)) {
        if (value === null) expect(captured.figures[name]!.value).toBeNull();
        else expect(Math.abs(captured.figures[name]!.value! - value)).toBeLessThan(1e-4 * Math.max(1, Math.abs(value)));
      }
    });

    test("of a posterior without density it gives a figure or the reason why there is none", async () => {
      const written = { model: { posterior: "deterministic" }, objective: { type: "elbo", beta: 0 } };
      const { figures } = await evaluate(await setUp(await loadWritten(written)), metric, eagerRunner(engine.noise));
      for (const { value, note } of Object.values(figures)) if (value === null) expect(note).toBeTruthy();
    });
  });
