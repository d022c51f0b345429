import { describe, expect, test } from "vitest";
import type { FigureDefinition, Measured } from "../../../src/contracts/measurement.js";
import { measurementRecorder } from "../../../src/experiments/evaluation/record-measurements.js";
import { errorOf } from "../../support/error-of.js";

const figure = (more: Partial<FigureDefinition> = {}): FigureDefinition => ({
  title: "lag",
  unit: "steps",
  better: "lower",
  section: "latent",
  reading: "Lower is better.",
  ...more,
});
const FIGURES = {
  lag: figure(),
  reach: figure({ by: ["set", "class", "field"] }),
  cost: figure({ by: ["encoder"], better: "higher" }),
};
const recorded = (...measurements: Measured[]) => {
  const recorder = measurementRecorder(3);
  recorder.record("lags", { figures: FIGURES }, { measurements });
  return recorder;
};
const refusal = (...measurements: Measured[]): string => errorOf(() => recorded(...measurements)).message;

describe("measurements are recorded", () => {
  test("under names that their attributes make, with what their figure declares", () => {
    const { measurements, figures } = recorded(
      { figure: "lag", value: 2, n: 3, encoder: "training", bound: "upper" },
      { figure: "reach", value: 1, n: 3, set: { output: "draws" } },
      { figure: "reach", value: 1, n: 3, set: { output: "means" } },
      {
        figure: "reach",
        value: 1,
        n: 3,
        set: { sampler: "flow", output: "means" },
        class: { field: "digit", index: 3 },
      },
      { figure: "reach", value: 1, n: 3, field: "digit" },
      { figure: "cost", value: 1, n: 3, encoder: "refitted" },
    ).written();
    expect(Object.keys(measurements)).toEqual([
      "lag",
      "reach",
      "reach/means",
      "reach-3/flow/means",
      "reach.digit",
      "cost/refitted-encoder",
    ]);
    expect(measurements.lag).toEqual({
      metric: "lags",
      figure: "lag",
      value: 2,
      n: 3,
      encoder: "training",
      bound: "upper",
      unit: "steps",
      better: "lower",
    });
    expect(figures.cost).toMatchObject({ metric: "lags", title: "lag", better: "higher" });
  });

  test("with their values per example apart, under the same name", () => {
    const values = Float32Array.of(1, 2, 3);
    const recorder = recorded({ figure: "lag", value: 2, n: 3, perExample: values });
    expect(recorder.perExample).toEqual({ lag: values });
    expect(recorder.written().measurements.lag).toMatchObject({ value: 2, perExample: true });
  });

  test("as null with the reason, where the value is not a finite number", () => {
    const { measurements } = recorded(
      { figure: "lag", value: Number.NaN, n: 3, note: "rough" },
      { figure: "reach", value: Number.NEGATIVE_INFINITY, n: 3 },
      { figure: "cost", value: null, n: 3 },
    ).written();
    expect(Object.values(measurements).map(({ value, note }) => [value, note])).toEqual([
      [null, "the value is NaN, not a finite number; rough"],
      [null, "the value is -Infinity, not a finite number"],
      [null, "no reason was given"],
    ]);
  });

  test("with the planes that metrics declare", () => {
    const plane = { x: { figure: "lag" }, y: { figure: "cost" }, reading: "Down is better" };
    const recorder = measurementRecorder(3);
    recorder.record("lags", { figures: FIGURES, planes: [plane] }, { measurements: [] });
    expect(recorder.written().planes).toEqual([plane]);
  });
});

describe("what a metric did not declare is refused, naming the metric", () => {
  test("a figure", () => {
    expect(refusal({ figure: "speed", value: 1, n: 1 })).toContain(
      'the metric "lags" returns the figure "speed", which its definition does not declare',
    );
    expect(refusal({ figure: "constructor", value: 1, n: 1 })).toContain('returns the figure "constructor"');
  });
  test("a family", () => {
    expect(refusal({ figure: "lag", value: 1, n: 1, set: { output: "draws" } })).toContain('returns "lag" by set');
    expect(refusal({ figure: "lag", value: 1, n: 1, field: "digit" })).toContain('returns "lag" by field');
  });
  test("a second measurement of one name, of its own or of another metric", () => {
    const lag = { figure: "lag", value: 1, n: 1 };
    expect(refusal(lag, lag)).toContain('the metric "lags" returns a second measurement called "lag"');
    const recorder = recorded(lag);
    const again = () => recorder.record("other", { figures: FIGURES }, { measurements: [lag] });
    expect(errorOf(again).message).toContain(
      'the metric "other" returns a second measurement called "lag", after the metric "lags"',
    );
  });
  test("values of too few examples", () => {
    expect(refusal({ figure: "lag", value: 1, n: 3, perExample: new Float32Array(2) })).toContain(
      'returns 2 values per example of "lag" for 3 examples',
    );
  });
});
