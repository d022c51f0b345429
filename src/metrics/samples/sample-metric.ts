/** What metrics of samples share: equally many rows on either side, measurements for each set of samples, and the controls. */
import type { FigureDefinition, Measured, SampleSource } from "../../contracts/measurement.js";
import type { FeatureExtractor, MetricContext, MetricResult, SampleRows, SampleSet } from "../../contracts/metric.js";
import type { Points } from "../../numerics/points.js";

/** For a schema: how many samples are compared, with as many examples of the scored split. */
export const count = {
  type: "integer",
  minimum: 10,
  maximum: 100000,
  default: 1000,
  description: "Number of samples and of real examples to compare, or the size of the smaller split",
} as const;
/** For a schema: neighbors. */
export const neighbors = (standard: number) =>
  ({
    type: "integer",
    minimum: 1,
    maximum: 1000,
    default: standard,
    description: "Neighbor that sets the radius of a ball (k-th nearest)",
  }) as const;

/** A figure of samples: measured on every set of them. */
export const ofSamples = <const F extends Omit<FigureDefinition, "section" | "by">>(figure: F) =>
  ({ section: "samples", by: ["set"], ...figure }) as const;

/** By figure of the metric, or one of its classes. */
export type SampleMeasured = Pick<Measured, "figure" | "class" | "value" | "k" | "standardError" | "note"> & {
  n?: number;
};
export interface Comparison {
  samples: SampleRows;
  real: SampleRows;
  /** Where the samples come from: a source, or the name of a control. */
  source: SampleSource | string;
  extractor?: FeatureExtractor;
  /** Of rows, where there is an extractor; else the rows themselves. */
  features(points: Points): Promise<Points>;
}
export interface SampleMetric {
  type: string;
  count: number;
  /** Rows that it needs on each side. */
  minimum: number;
  /** Whatever else its figures depend on. */
  settings?: unknown;
  /** The figures that it measures on every set. */
  figures: readonly string[];
  space: "features" | "examples";
  /** Why it has no figures at all here, in one line. */
  absent?(context: MetricContext): string | undefined;
  /** Measurements, or why this set has none. */
  measure(comparison: Comparison, context: MetricContext): Promise<readonly SampleMeasured[] | string>;
}

const nothing = ({ figures }: SampleMetric, n: number, note: string): Measured[] =>
  figures.map((figure) => ({ figure, value: null, n, note }));

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
  // The extractor's hash stands in its description.
  const extractor = metric.space === "features" ? (await context.extractor()).description : "none";
  const key = JSON.stringify([metric.type, n, metric.settings ?? null, extractor]);
  const controls = await sampling.remember(key, async () => {
    const found: Record<string, Measured[]> = {};
    for (const set of sampling.controls) found[set.source] = await score(set);
    return found;
  });
  return { measurements, controls };
};
