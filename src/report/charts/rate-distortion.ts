/**
 * The rate-distortion plane (Alemi et al. 2018), with the line of equal ELBO through the best setting: -ELBO = rate + distortion
 * at beta 1.
 */
import type { SweepMetrics } from "../../storage/layout.js";
import { isDistortion, isRate } from "../figures/names.js";
import { formatFigure } from "../figures/numbers.js";
import type { Place } from "../figures/pareto.js";
import type { Settings } from "../figures/settings.js";
import type { Chart } from "./chart.js";
import { planeChart } from "./plane.js";

const round = (value: number): number => Number(value.toPrecision(12));

/** The part of rate + distortion = constant, through the least sum, that lies where the points are, if any does. */
const equalElbo = (means: readonly Place[]): { label: string; points: Place[] }[] => {
  const sum = Math.min(...means.map(({ x, y }) => x + y));
  const ends = (of: (mean: Place) => number): [number, number] => [
    Math.min(...means.map(of)),
    Math.max(...means.map(of)),
  ];
  const [leastRate, mostRate] = ends(({ x }) => x);
  const [leastDistortion, mostDistortion] = ends(({ y }) => y);
  const [from, to] = [Math.max(leastRate, sum - mostDistortion), Math.min(mostRate, sum - leastDistortion)];
  const points = [from, to].map((rate) => ({ x: round(rate), y: round(sum - rate) }));
  return to > from ? [{ label: `equal ELBO, ${formatFigure(-sum, "nats")}`, points }] : [];
};

/** Undefined where no trial has both figures. */
export const rateDistortion = (metrics: SweepMetrics, settings: Settings): Chart | undefined => {
  const names = [...new Set(metrics.points.flatMap(({ figures }) => Object.keys(figures)))];
  const [rate, distortion] = [names.find(isRate), names.find(isDistortion)];
  if (rate === undefined || distortion === undefined) return undefined;
  return planeChart(metrics, settings, {
    heading: "Rate and distortion of each setting",
    alt: "Rate-distortion plane",
    reading: "Left is a shorter code, down a better reconstruction",
    x: {
      name: rate,
      word: "rate",
      title: "rate, nats (KL of the posterior from the prior)",
      unit: "nats",
      better: "less",
    },
    y: {
      name: distortion,
      word: "distortion",
      title: "distortion, nats (-E log p(x|z))",
      unit: "nats",
      better: "less",
    },
    references: equalElbo,
    referenceReading: "Along the dashed line the ELBO is the same, and it is better to the lower left",
    size: { width: 520, height: 370 },
  });
};
