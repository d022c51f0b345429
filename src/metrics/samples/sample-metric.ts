/** What metrics of samples have in common: as many rows on either side, a figure for each set of samples, and the controls. */
import {
  type FeatureExtractor,
  type Figure,
  type Figures,
  figureName,
  type MetricContext,
  type MetricResult,
  type SampleRows,
  type SampleSet,
} from "../../contracts/metric.js";
import type { Points } from "../../numerics/points.js";

/** Of a schema: how many samples are compared, with as many examples of the scored split. */
export const count = {
  type: "integer",
  minimum: 10,
  maximum: 100000,
  default: 1000,
  description: "samples that are compared, with as many real examples; fewer where the splits have fewer",
} as const;
/** Neighbors of a schema. */
export const neighbors = (standard: number) =>
  ({
    type: "integer",
    minimum: 1,
    maximum: 1000,
    default: standard,
    description: "neighbors that a ball reaches",
  }) as const;

export type Measured = Readonly<
  Record<string, Pick<Figure, "value" | "k" | "standardError" | "note"> & { n?: number }>
>;
export interface Comparison {
  samples: SampleRows;
  real: SampleRows;
  /** The set's name among samples or controls. */
  set: string;
  extractor?: FeatureExtractor;
  /** Of rows, where there is an extractor; else the rows themselves. */
  features(points: Points): Promise<Points>;
}
export interface SampleMetric {
  type: string;
  count: number;
  /** Rows on each side that it needs. */
  least: number;
  /** Whatever else its figures depend on. */
  settings?: unknown;
  /** By figure, its unit. */
  figures: Readonly<Record<string, string>>;
  space: "features" | "examples";
  /** Why it has no figures at all here, in one line. */
  absent?(context: MetricContext): string | undefined;
  /** Figures, or why this set has none. */
  measure(comparison: Comparison, context: MetricContext): Promise<Measured | string>;
}

const nothing = ({ figures }: SampleMetric, n: number, note: string): Figures =>
  Object.fromEntries(Object.entries(figures).map(([name, unit]) => [name, { value: null, unit, n, note }]));

const figuresOf = async (metric: SampleMetric, context: MetricContext, set: SampleSet, n: number): Promise<Figures> => {
  if (n < metric.least)
    return nothing(metric, n, `it needs ${metric.least} examples on each side, and the splits leave ${n}`);
  const samples = await set.draw(n);
  if (typeof samples === "string") return nothing(metric, n, samples);
  const extractor = metric.space === "features" ? await context.extractor() : undefined;
  const measured = await metric.measure(
    {
      samples,
      real: await context.sampling.real(n),
      set: set.name,
      ...(extractor && { extractor }),
      features: async (points) => extractor?.features(points) ?? points,
    },
    context,
  );
  if (typeof measured === "string") return nothing(metric, n, measured);
  return Object.fromEntries(
    Object.entries(metric.figures).map(([name, unit]) => {
      const { note, ...found } = measured[name]!;
      const notes = [note, extractor?.description].filter((text) => text !== undefined);
      return [name, { unit, n, ...found, ...(notes.length > 0 && { note: notes.join("; ") }) }];
    }),
  );
};

export const scoreSamples = async (metric: SampleMetric, context: MetricContext): Promise<MetricResult> => {
  const { sampling } = context;
  const n = Math.min(metric.count, sampling.comparable);
  const absent = metric.absent?.(context);
  const score = async (set: SampleSet): Promise<Figures> =>
    absent === undefined ? figuresOf(metric, context, set, n) : nothing(metric, n, absent);
  const figures: Record<string, Figure> = {};
  for (const set of sampling.samples)
    for (const [name, figure] of Object.entries(await score(set))) figures[figureName(name, set.name)] = figure;
  if (absent !== undefined) return { figures };
  // The extractor's hash stands in its description.
  const extractor = metric.space === "features" ? (await context.extractor()).description : "none";
  const key = JSON.stringify([metric.type, n, metric.settings ?? null, extractor]);
  const controls = await sampling.remember(key, async () => {
    const found: Record<string, Figures> = {};
    for (const set of sampling.controls) found[set.name] = await score(set);
    return found;
  });
  return { figures, controls };
};
