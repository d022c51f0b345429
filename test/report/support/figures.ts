/** Figures made by formula: those of the linear VAE's closed form, and of samples that are best at an interior beta. */
import type { Measurement, MeasurementKey, Measurements } from "../../../src/contracts/measurement.js";
import * as metrics from "../../../src/metrics/index.js";
import { typeOf } from "../../../src/spec/define.js";
import type { Declarations, DeclaredFigure } from "../../../src/storage/layout.js";
import { LATENT, linearFigures } from "./linear-vae.js";

const definitions = Object.values(metrics);
const DECLARED: Readonly<Record<string, DeclaredFigure>> = Object.fromEntries(
  definitions.flatMap((definition) =>
    Object.entries(definition.figures).map(([name, figure]) => [name, { metric: typeOf(definition), ...figure }]),
  ),
);
/** What vaelab's own metrics declare of the figures of these measurements. */
export const declarationsOf = (...all: readonly Measurements[]): Declarations => {
  const used = new Set(all.flatMap((measurements) => Object.values(measurements).map(({ figure }) => figure)));
  return {
    figures: Object.fromEntries(Object.entries(DECLARED).filter(([name]) => used.has(name))),
    planes: definitions.flatMap(({ planes = [] }) => planes),
  };
};

type Value = Pick<Measurement, "value" | "n"> & Partial<Measurement>;
/** A measurement of one of vaelab's own figures. */
export const measured = (figure: string, value: Value, key: Omit<MeasurementKey, "figure"> = {}): Measurement => {
  const { metric, unit, better } = DECLARED[figure]!;
  return { metric, figure, ...key, unit, better, ...value };
};

/** A reproducible stand-in for noise: in [-0.5, 0.5]. */
export const wobble = (...keys: number[]): number => {
  const x = Math.sin(keys.reduce((sum, key, i) => sum + (key + 1) * 12.9898 * (i + 1), 78.233)) * 43758.5453;
  return x - Math.floor(x) - 0.5;
};

export const figuresOf = (beta: number, seed: number): Record<string, Measurement> => {
  const exact = linearFigures(beta);
  const shift = 1 + 0.02 * wobble(seed, beta);
  const [rate, distortion] = [exact.rate * shift, exact.distortion * (1 + 0.01 * wobble(seed, beta, 2))];
  const nll = exact.nll + 0.08 * wobble(seed, beta, 3);
  const gap = 0.25 * Math.log(beta) ** 2;
  const size = beta < 0.2 ? 4.2 : 180;
  const [n, training, refitted] = [1000, { encoder: "training" }, { encoder: "refitted" }] as const;
  return {
    distortion: measured("distortion", { value: distortion, n, k: 10, standardError: 0.11 }),
    rate: measured("rate", { value: rate, n, k: 10, standardError: 0.06 }),
    elbo: measured("elbo", { value: -(rate + distortion), n, k: 10, standardError: 0.1 }),
    squaredError: measured("squaredError", { value: exact.squaredError * shift, n, k: 10, standardError: 0.02 }),
    activeUnits: measured("activeUnits", { value: exact.activeUnits, n, note: `of ${LATENT}; variance above 0.01` }),
    nllTrainingEncoder: measured(
      "nllTrainingEncoder",
      {
        value: nll + gap,
        n,
        k: 500,
        standardError: 0.1,
        ...(size < 10 && { bound: "upper" }),
        note: `median effective sample size ${size.toFixed(1)}`,
      },
      training,
    ),
    nll: measured(
      "nll",
      { value: nll, n, k: 500, standardError: 0.09, note: "median effective sample size 301.4", perExample: true },
      refitted,
    ),
    effectiveSampleSizeTrainingEncoder: measured(
      "effectiveSampleSizeTrainingEncoder",
      { value: size, n, k: 500 },
      training,
    ),
    effectiveSampleSize: measured("effectiveSampleSize", { value: 301.4, n, k: 500 }, refitted),
  };
};

const sets = {
  "": { output: "draws" },
  "/means": { output: "means" },
  "/gaussian-mixture": { sampler: "gaussian-mixture", output: "draws" },
} as const;
const ofSet = (figure: string, set: keyof typeof sets, value: number): [string, Measurement] => [
  figure + set,
  measured(figure, { value, n: 1000, k: 3 }, { set: sets[set] }),
];

/** Figures of samples that are best at an interior beta, in three sets, as a metric of samples leaves them. */
export const sampleFiguresOf = (beta: number, seed: number): Record<string, Measurement> => {
  const away = Math.log(beta) ** 2;
  const noise = 0.02 * wobble(seed, beta, 7);
  return Object.fromEntries([
    ofSet("precision", "", 0.82 - 0.03 * away + noise),
    ofSet("recall", "", 0.6 - 0.05 * Math.abs(Math.log(beta)) - noise),
    ofSet("density", "", 0.9 - 0.05 * away + noise),
    ofSet("coverage", "", 0.7 - 0.04 * away + noise),
    ofSet("precision", "/means", 0.9 - 0.03 * away + noise),
    ofSet("recall", "/means", 0.3 - 0.02 * Math.abs(Math.log(beta))),
    ofSet("precision", "/gaussian-mixture", 0.85 - 0.03 * away + noise),
    ofSet("recall", "/gaussian-mixture", 0.66 - 0.05 * Math.abs(Math.log(beta))),
  ]);
};
const control = (values: Readonly<Record<string, number>>): Record<string, Measurement> =>
  Object.fromEntries(
    Object.entries(values).map(([figure, value]) => [figure, measured(figure, { value, n: 1000, k: 3 })]),
  );
export const CONTROLS = {
  train: control({ precision: 0.93, recall: 0.92, density: 1.03, coverage: 0.96 }),
  noise: control({ precision: 0, recall: 0, density: 0, coverage: 0 }),
  "one-class": control({ precision: 0.97, recall: 0.08, density: 1.4, coverage: 0.11 }),
};
