/**
 * The rate-distortion plane (Alemi et al. 2018): a point a seed, the mean of each setting with its interval both ways, the
 * settings of a series joined along the swept axis. Reference lines come in as data: here the line of equal ELBO through the
 * best setting, -ELBO = rate + distortion at beta 1.
 */
import type { SweepTradeoff } from "../../core/run-folder/layout.js";
import { drawable, isDistortion, isRate } from "../figure-names.js";
import { formatFigure, formatSpreadText } from "../numbers.js";
import { describeChoice, type Setting, type Settings } from "../settings.js";
import { type Chart, sentences } from "./chart.js";
import { colorMeaning, settingColor } from "./colors.js";
import { describeSamples, describeSeeds } from "./describe.js";
import { legendAbove, scaleFor } from "./layout.js";
import { dashed, type Encoding, intervals, joined, type Layer, meanPoints, seedPoints, texts } from "./marks.js";
import type { Spec } from "./render.js";

export interface Reference {
  label: string;
  points: readonly { rate: number; distortion: number }[];
}

const round = (value: number): number => Number(value.toPrecision(12));

/** The part of rate + distortion = constant, through the least sum, that lies where the points are, if any does. */
const equalElbo = (means: readonly { rate: number; distortion: number }[]): Reference[] => {
  const sum = Math.min(...means.map(({ rate, distortion }) => rate + distortion));
  const ends = (of: (mean: { rate: number; distortion: number }) => number): [number, number] => [
    Math.min(...means.map(of)),
    Math.max(...means.map(of)),
  ];
  const [leastRate, mostRate] = ends(({ rate }) => rate);
  const [leastDistortion, mostDistortion] = ends(({ distortion }) => distortion);
  const [from, to] = [Math.max(leastRate, sum - mostDistortion), Math.min(mostRate, sum - leastDistortion)];
  const points = [from, to].map((rate) => ({ rate: round(rate), distortion: round(sum - rate) }));
  return to > from ? [{ label: `equal ELBO, ${formatFigure(-sum, "nats")}`, points }] : [];
};

/** Undefined where no trial has both figures. */
export const rateDistortion = (
  tradeoff: SweepTradeoff,
  settings: Settings,
  references: readonly Reference[] = [],
): Chart | undefined => {
  const names = Object.keys(Object.assign({}, ...tradeoff.points.map(({ figures }) => figures)) as object);
  const [rateName, distortionName] = [names.find(isRate), names.find(isDistortion)];
  if (rateName === undefined || distortionName === undefined) return undefined;

  const groupOf = ({ series, label }: Setting): string =>
    settings.primary && settings.series.length > 1 ? series : label;
  const seeds = tradeoff.points.flatMap(({ choices, seed, figures }) => {
    const [rate, distortion, setting] = [figures[rateName], figures[distortionName], settings.of(choices)];
    if (!drawable(rate) || !drawable(distortion) || !setting) return [];
    const said = `${setting.label}, seed ${seed}: rate ${formatFigure(rate.value, "nats")}, distortion ${formatFigure(distortion.value, "nats")}`;
    return [
      {
        rate: rate.value,
        distortion: distortion.value,
        group: groupOf(setting),
        said,
      },
    ];
  });
  const means = settings.all.flatMap((setting) => {
    const group = tradeoff.groups.find(({ choices }) => settings.of(choices) === setting);
    const [rate, distortion] = [group?.figures[rateName], group?.figures[distortionName]];
    if (!rate || !distortion) return [];
    const said = `${setting.label}, mean of ${rate.n}: rate ${formatSpreadText(rate, "nats")}, distortion ${formatSpreadText(distortion, "nats")}`;
    return [
      {
        rate: rate.mean,
        rateLow: rate.low,
        rateHigh: rate.high,
        distortion: distortion.mean,
        distortionLow: distortion.low,
        distortionHigh: distortion.high,
        group: groupOf(setting),
        series: setting.series,
        position: setting.position,
        label: settings.primary ? describeChoice(setting.position) : setting.label,
        said,
      },
    ];
  });
  if (seeds.length === 0 || means.length === 0) return undefined;

  const bySeries = settings.primary !== undefined && settings.series.length > 1;
  const colors = new Map(settings.all.map((setting) => [groupOf(setting), settingColor(settings, setting)]));
  const lines = [...references, ...(means.length > 1 ? equalElbo(means) : [])];
  const x = {
    field: "rate",
    type: "quantitative",
    title: "rate, nats (KL of the posterior from the prior)",
    scale: scaleFor(seeds.map(({ rate }) => rate)),
    axis: { tickCount: 6 },
  } as const;
  const y = {
    field: "distortion",
    type: "quantitative",
    title: "distortion, nats (-E log p(x|z))",
    scale: scaleFor(seeds.map(({ distortion }) => distortion)),
    axis: { tickCount: 6 },
  } as const;
  const color: NonNullable<Encoding["color"]> = {
    field: "group",
    type: "nominal",
    scale: { domain: [...colors.keys()], range: [...colors.values()] },
    legend: bySeries ? legendAbove(settings.series, 600) : null,
  };
  const order: Encoding = {
    order: { field: "position", type: "quantitative" },
    detail: { field: "series", type: "nominal" },
  };
  const bounded = means.filter(({ rateLow, distortionLow }) => rateLow !== null && distortionLow !== null);
  const layers: Layer[] = [
    ...lines.flatMap(({ label, points }, i) => [
      dashed(`reference_${i}`, points, { x, y }),
      texts(
        `reference_label_${i}`,
        points.slice(-1).map((point) => ({ ...point, label })),
        "label",
        { x, y },
        { dx: -2, dy: 13, quiet: true, align: "right" },
      ),
    ]),
    ...(settings.primary
      ? [joined(means, { x, y, ...order, ...(bySeries && { color }) }, bySeries ? undefined : "var(--line)")]
      : []),
    meanPoints(means, { x, y, color }),
    ...intervals("rate_intervals", bounded, { x: { ...x, field: "rateLow" }, x2: { field: "rateHigh" }, y, color }),
    ...intervals("distortion_intervals", bounded, {
      x,
      y: { ...y, field: "distortionLow" },
      y2: { field: "distortionHigh" },
      color,
    }),
    seedPoints(seeds, { x, y, color }),
    texts("mean_labels", means, "label", { x, y }, { dx: 8, dy: -8 }),
  ];
  const spec: Spec = { width: 600, height: 400, layer: layers };
  return {
    heading: "Rate and distortion of each setting",
    alt: `Rate-distortion plane. ${sentences(...means.map(({ said }) => said))}`,
    caption: sentences(
      "Left is a shorter code, down a better reconstruction. A dot is a seed, a ring the mean of its setting, a bar its interval",
      `${colorMeaning(settings)}${settings.primary ? `; each mean is marked with its ${settings.primary.label}, and the line joins them in its order` : ""}`,
      lines.length > references.length &&
        "Along the dashed line the ELBO is the same, and it is better to the lower left",
      describeSeeds(tradeoff),
      describeSamples(tradeoff, [rateName, distortionName]),
    ),
    spec,
  };
};
