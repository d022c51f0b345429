/** A metric's measurements by name, as a run records them. */
import type { Metric, MetricContext } from "../../src/contracts/metric.js";
import { measurementRecorder } from "../../src/experiments/evaluation/record-measurements.js";

export const measure = async (metric: Metric, context: MetricContext, type = "measured") => {
  const recorder = measurementRecorder(context.size);
  recorder.record(type, metric, await metric.evaluate(context));
  const { measurements, controls } = recorder.written();
  return { measurements, controls, perExample: recorder.perExample };
};
