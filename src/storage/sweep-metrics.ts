/** The trials of a sweep as points, and its settings as groups of points over seeds. */
import type { Measurement, MeasurementKey } from "../contracts/measurement.js";
import { studentInterval } from "../numerics/statistics.js";
import { canonicalJson } from "./json.js";
import type { Declarations, DeclaredFigure, RunMetrics, SettingMeasurement, SweepMetrics } from "./layout.js";

export type SweepPoint = SweepMetrics["points"][number];
type Group = SweepMetrics["groups"][number];

const withoutSeed = ({ seed: _, ...choices }: Readonly<Record<string, unknown>>): Record<string, unknown> => choices;

/** @param trial a finished trial; `folder` is relative to the sweep's */
export const sweepPoint = (
  trial: Pick<SweepPoint, "trial" | "folder" | "choices" | "seed">,
  { measurements, controls, classNames }: RunMetrics,
): SweepPoint => ({ ...trial, measurements, ...(controls && { controls }), ...(classNames && { classNames }) });

/** Merges the declarations of several folders; the first declaration of a figure wins. */
export const joinDeclarations = (all: readonly Declarations[]): Declarations => {
  const figures: Record<string, DeclaredFigure> = {};
  for (const declared of all)
    for (const [figure, definition] of Object.entries(declared.figures)) figures[figure] ??= definition;
  const planes = new Map(all.flatMap(({ planes }) => planes.map((plane) => [canonicalJson(plane), plane])));
  return { figures, planes: [...planes.values()] };
};

/** Identifies a measurement: its metric, figure and attributes, without the value. */
export const keyOf = ({
  metric,
  figure,
  set,
  field,
  class: ofClass,
  latent,
  encoder,
}: Measurement): MeasurementKey & Pick<Measurement, "metric"> => ({
  metric,
  figure,
  ...(set && { set }),
  ...(field !== undefined && { field }),
  ...(ofClass && { class: ofClass }),
  ...(latent !== undefined && { latent }),
  ...(encoder && { encoder }),
});

const overSeeds = (known: readonly (Measurement & { value: number })[]): SettingMeasurement => {
  const { unit, better } = known[0]!;
  const { mean, low, high } = studentInterval(known.map(({ value }) => value));
  const bound = known.find((each) => each.bound !== undefined)?.bound;
  return {
    ...keyOf(known[0]!),
    mean,
    low,
    high,
    n: known.length,
    unit,
    better,
    ...(bound && { bound }),
  };
};

const groupOf = (points: readonly SweepPoint[]): Group => {
  const names = [...new Set(points.flatMap(({ measurements }) => Object.keys(measurements)))];
  const measurements = names.flatMap((name) => {
    const known = points.flatMap(({ measurements }) =>
      measurements[name]?.value == null ? [] : [measurements[name] as Measurement & { value: number }],
    );
    return known.length > 0 ? [[name, overSeeds(known)] as const] : [];
  });
  return {
    choices: withoutSeed(points[0]!.choices),
    seeds: points.map(({ seed }) => seed),
    measurements: Object.fromEntries(measurements),
  };
};

export const sweepMetrics = (
  name: string,
  points: readonly SweepPoint[],
  declarations: readonly Declarations[],
): SweepMetrics => {
  const settings = new Map<string, SweepPoint[]>();
  for (const point of points) {
    const key = canonicalJson(withoutSeed(point.choices));
    settings.set(key, [...(settings.get(key) ?? []), point]);
  }
  return {
    name,
    ...joinDeclarations(declarations),
    points,
    groups: [...settings.values()].map(groupOf),
    interval: "mean over seeds with a two-sided 95 % Student t interval",
  };
};
