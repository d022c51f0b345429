/** Figures made by formula: those of the linear VAE's closed form, and of samples that are best at an interior beta. */
import type { Figure } from "../../../src/contracts/metric.js";
import { LATENT, linearFigures } from "./linear-vae.js";

/** A reproducible stand-in for noise: in [-0.5, 0.5]. */
export const wobble = (...keys: number[]): number => {
  const x = Math.sin(keys.reduce((sum, key, i) => sum + (key + 1) * 12.9898 * (i + 1), 78.233)) * 43758.5453;
  return x - Math.floor(x) - 0.5;
};

export const figuresOf = (beta: number, seed: number): Record<string, Figure> => {
  const exact = linearFigures(beta);
  const shift = 1 + 0.02 * wobble(seed, beta);
  const [rate, distortion] = [exact.rate * shift, exact.distortion * (1 + 0.01 * wobble(seed, beta, 2))];
  const nll = exact.nll + 0.08 * wobble(seed, beta, 3);
  const gap = 0.25 * Math.log(beta) ** 2;
  const size = beta < 0.2 ? 4.2 : 180;
  const bound = size < 10 ? "upper bound: " : "";
  return {
    distortion: { value: distortion, unit: "nats", n: 1000, k: 10, standardError: 0.11 },
    rate: { value: rate, unit: "nats", n: 1000, k: 10, standardError: 0.06 },
    elbo: { value: -(rate + distortion), unit: "nats", n: 1000, k: 10, standardError: 0.1 },
    squaredError: { value: exact.squaredError * shift, unit: "squared units", n: 1000, k: 10, standardError: 0.02 },
    activeUnits: { value: exact.activeUnits, unit: "dimensions", n: 1000, note: `of ${LATENT}, variance above 0.01` },
    nllTrainingEncoder: {
      value: nll + gap,
      unit: "nats",
      n: 1000,
      k: 500,
      standardError: 0.1,
      note: `${bound}median effective sample size ${size.toFixed(1)}`,
    },
    nll: { value: nll, unit: "nats", n: 1000, k: 500, standardError: 0.09, note: "median effective sample size 301.4" },
    effectiveSampleSizeTrainingEncoder: { value: size, unit: "draws", n: 1000, k: 500 },
    effectiveSampleSize: { value: 301.4, unit: "draws", n: 1000, k: 500 },
  };
};

const fraction = (value: number): Figure => ({ value, unit: "fraction", n: 1000, k: 3 });
const ratio = (value: number): Figure => ({ value, unit: "ratio", n: 1000, k: 5 });

/** Figures of samples that are best at an interior beta, in three sets, as a metric of samples leaves them. */
export const sampleFiguresOf = (beta: number, seed: number): Record<string, Figure> => {
  const away = Math.log(beta) ** 2;
  const noise = 0.02 * wobble(seed, beta, 7);
  return {
    precision: fraction(0.82 - 0.03 * away + noise),
    recall: fraction(0.6 - 0.05 * Math.abs(Math.log(beta)) - noise),
    density: ratio(0.9 - 0.05 * away + noise),
    coverage: fraction(0.7 - 0.04 * away + noise),
    "precision/means": fraction(0.9 - 0.03 * away + noise),
    "recall/means": fraction(0.3 - 0.02 * Math.abs(Math.log(beta))),
    "precision/gaussian-mixture": fraction(0.85 - 0.03 * away + noise),
    "recall/gaussian-mixture": fraction(0.66 - 0.05 * Math.abs(Math.log(beta))),
  };
};
export const CONTROLS = {
  train: { precision: fraction(0.93), recall: fraction(0.92), density: ratio(1.03), coverage: fraction(0.96) },
  noise: { precision: fraction(0), recall: fraction(0), density: ratio(0), coverage: fraction(0) },
  "one-class": { precision: fraction(0.97), recall: fraction(0.08), density: ratio(1.4), coverage: fraction(0.11) },
} as const;
