/** A metric's measurements by name, as a run records them. */
import type { Metric, MetricContext } from "../../src/contracts/metric.js";
import { measurementRecorder } from "../../src/experiments/evaluation/record-measurements.js";
import { type Definition, typeOf } from "../../src/spec/define.js";
import { build } from "./components.js";

type Fields = Readonly<Record<string, unknown>>;
/** @param metric built already, where something stands in its slots */
export const measureBuilt = async (definition: Definition<"metric">, metric: Metric, context: MetricContext) => {
  const recorder = measurementRecorder(context.size);
  recorder.record(typeOf(definition), definition, await metric.evaluate(context));
  const { measurements, controls } = recorder.written();
  return { measurements, controls, perExample: recorder.perExample };
};

/** Defaults are filled in. */
export const measure = (
  definition: Definition<"metric">,
  fields: Fields,
  context: MetricContext,
): ReturnType<typeof measureBuilt> => measureBuilt(definition, build(definition, fields, {}), context);
