/** A sweep's trials as points, and its settings as groups of them over their seeds. */
import type { Figure } from "../contracts/metric.js";
import { studentInterval } from "../numerics/statistics.js";
import { canonicalJson } from "./json.js";
import type { RunMetrics, SweepMetrics } from "./layout.js";

export type SweepPoint = SweepMetrics["points"][number];
type Group = SweepMetrics["groups"][number];

const withoutSeed = ({ seed: _, ...choices }: Readonly<Record<string, unknown>>): Record<string, unknown> => choices;

/** @param trial a finished one's place: `folder` is relative to the sweep's */
export const sweepPoint = (
  trial: Pick<SweepPoint, "trial" | "folder" | "choices" | "seed">,
  { figures, controls }: RunMetrics,
): SweepPoint => ({ ...trial, figures, ...(controls && { controls }) });

const groupOf = (points: readonly SweepPoint[]): Group => {
  const names = [...new Set(points.flatMap(({ figures }) => Object.keys(figures)))];
  const figures = names.flatMap((name) => {
    const known = points.flatMap(({ figures }) =>
      figures[name]?.value == null ? [] : [figures[name] as Figure & { value: number }],
    );
    const [first] = known;
    if (!first) return [];
    const { mean, low, high } = studentInterval(known.map(({ value }) => value));
    return [[name, { mean, low, high, n: known.length, unit: first.unit }]] as const;
  });
  return {
    choices: withoutSeed(points[0]!.choices),
    seeds: points.map(({ seed }) => seed),
    figures: Object.fromEntries(figures),
  };
};

export const sweepMetrics = (name: string, points: readonly SweepPoint[]): SweepMetrics => {
  const settings = new Map<string, SweepPoint[]>();
  for (const point of points) {
    const key = canonicalJson(withoutSeed(point.choices));
    settings.set(key, [...(settings.get(key) ?? []), point]);
  }
  return {
    name,
    points,
    groups: [...settings.values()].map(groupOf),
    interval: "mean over seeds with a two-sided 95 % Student t interval",
  };
};
