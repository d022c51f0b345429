/** What all metrics of samples share. */
import { expect, test } from "vitest";
import type { MetricContext } from "../../../src/contracts/metric.js";
import { scoreSamples } from "../../../src/metrics/samples/sample-metric.js";
import { pointsOf } from "../../../src/numerics/points.js";

const contextOf = (values: number[]): MetricContext =>
  ({
    sampling: {
      comparable: values.length,
      real: async (n: number) => pointsOf(new Float32Array(n), 1),
      samples: [{ source: { output: "draws" }, draw: async () => pointsOf(Float32Array.from(values), 1) }],
      controls: [],
      remember: (_: string, compute: () => Promise<unknown>) => compute(),
    },
  }) as unknown as MetricContext;

const mean = async (values: number[]) => {
  const { measurements } = await scoreSamples(
    {
      type: "mean",
      count: values.length,
      minimum: 1,
      figures: ["mean"],
      space: "examples",
      measure: async ({ samples }) => [
        { figure: "mean", value: samples.values.reduce((sum, value) => sum + value / samples.n, 0) },
      ],
    },
    contextOf(values),
  );
  return measurements[0]!;
};

test.each([
  [[1, Number.NaN, 3], 1],
  [[Number.POSITIVE_INFINITY, Number.NaN, 3], 2],
])("samples %j have no figure, and its note counts those that are not finite", async (values, spoiled) => {
  const { value, note } = await mean(values);
  expect(value).toBeNaN();
  expect(note).toBe(`${spoiled} of 3 samples hold values that are not finite`);
});

test("finite samples have one", async () => {
  expect(await mean([1, 2, 3])).toMatchObject({ value: 2, n: 3 });
});
