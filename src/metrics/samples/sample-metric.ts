/**
 * Shared by metrics of samples: equal numbers of rows on both sides, measurements for each set of samples, and the controls.
 */
import type { FigureDefinition, Measured, SampleSource } from "../../contracts/measurement.js";
import type { FeatureExtractor, MetricContext, MetricResult, SampleRows, SampleSet } from "../../contracts/metric.js";
import type { Points } from "../../numerics/points.js";

/** Schema of the number of samples and of examples of the evaluated split to compare. */
export const count = {
  type: "integer",
  minimum: 10,
  maximum: 100000,
  default: 1000,
  description: "Number of samples and of real examples to compare, or the size of the smaller split",
} as const;
/** Schema of the number of neighbors. */
export const neighbors = (standard: number) =>
  ({
    type: "integer",
    minimum: 1,
    maximum: 1000,
    default: standard,
    description: "Neighbor that sets the radius of a ball (k-th nearest)",
  }) as const;

/** A figure that is measured on every set of samples. */
export const ofSamples = <const F extends Omit<FigureDefinition, "section" | "by">>(figure: F) =>
  ({ section: "samples", by: ["set"], ...figure }) as const;

/** Keyed by figure of the metric, or by figure and class. */
export type SampleMeasured = Pick<Measured, "figure" | "class" | "value" | "k" | "standardError" | "note"> & {
  n?: number;
};
export interface Comparison {
  samples: SampleRows;
  real: SampleRows;
  /** Origin of the samples: a sampler, or the name of a control. */
  source: SampleSource | string;
  extractor?: FeatureExtractor;
  /** Features of rows if there is an extractor; else the rows themselves. */
  features(points: Points): Promise<Points>;
}
export interface SampleMetric {
  type: string;
  count: number;
  /** Minimum number of rows on each side. */
  minimum: number;
  /** Everything else that its figures depend on. */
  settings?: unknown;
  /** Figures measured on every set. */
  figures: readonly string[];
  space: "features" | "examples";
  /** One-line reason if the metric does not apply at all. */
  absent?(context: MetricContext): string | undefined;
  /** Measurements, or the reason why this set has none. */
  measure(comparison: Comparison, context: MetricContext): Promise<readonly SampleMeasured[] | string>;
}

const nothing = ({ figures }: SampleMetric, n: number, note: string): Measured[] =>
  figures.map((figure) => ({ figure, value: null, n, note }));

/** Rows without a finite value in every column make a figure undefined; distances and ranks would hide them. */
const spoiledRows = ({ values, n, width }: Points): number => {
  let rows = 0;
  for (let row = 0; row < n; row++) if (!values.subarray(row * width, (row + 1) * width).every(Number.isFinite)) rows++;
  return rows;
};

const measureSet = async (
  metric: SampleMetric,
  context: MetricContext,
  { source, draw }: SampleSet<SampleSource | string>,
  n: number,
): Promise<Measured[]> => {
  if (n < metric.minimum)
    return nothing(metric, n, `it needs ${metric.minimum} examples on each side, but the splits provide ${n}`);
  const samples = await draw(n);
  if (typeof samples === "string") return nothing(metric, n, samples);
  const spoiled = spoiledRows(samples);
  if (spoiled > 0) {
    const note = `${spoiled} of ${n} samples hold values that are not finite`;
    return metric.figures.map((figure) => ({ figure, value: Number.NaN, n, note }));
  }
  const extractor = metric.space === "features" ? await context.extractor() : undefined;
  const measured = await metric.measure(
    {
      samples,
      real: await context.sampling.real(n),
      source,
      ...(extractor && { extractor }),
      features: async (points) => extractor?.features(points) ?? points,
    },
    context,
  );
  if (typeof measured === "string") return nothing(metric, n, measured);
  return measured.map(({ note, ...found }) => {
    const notes = [note, extractor?.description].filter((text) => text !== undefined);
    return { n, ...found, ...(notes.length > 0 && { note: notes.join("; ") }) };
  });
};

export const scoreSamples = async (metric: SampleMetric, context: MetricContext): Promise<MetricResult> => {
  const { sampling } = context;
  const n = Math.min(metric.count, sampling.comparable);
  const absent = metric.absent?.(context);
  const score = async (set: SampleSet<SampleSource | string>): Promise<Measured[]> =>
    absent === undefined ? measureSet(metric, context, set, n) : nothing(metric, n, absent);
  const measurements: Measured[] = [];
  for (const set of sampling.samples)
    for (const found of await score(set)) measurements.push({ ...found, set: set.source });
  if (absent !== undefined) return { measurements };
  // The description includes the extractor's hash.
  const extractor = metric.space === "features" ? (await context.extractor()).description : "none";
  const key = JSON.stringify([metric.type, n, metric.settings ?? null, extractor]);
  const controls = await sampling.remember(key, async () => {
    const found: Record<string, Measured[]> = {};
    for (const set of sampling.controls) found[set.source] = await score(set);
    return found;
  });
  return { measurements, controls };
};
