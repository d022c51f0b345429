/** Run and sweep folders made by formula, laid out as src/storage/layout.ts says, for reports to be checked against. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encode } from "fast-png";
import type { Measurement } from "../../../src/contracts/measurement.js";
import { FORMAT } from "../../../src/storage/format.js";
import type {
  Declarations,
  PlannedTrial,
  RunMetrics,
  Status,
  SweepHeader,
  SweepMetrics,
} from "../../../src/storage/layout.js";
import { SAMPLE_FILES } from "../../../src/storage/layout.js";
import { writeNpz } from "../../../src/storage/npz.js";
import { declarationsOf, figuresOf, wobble } from "./figures.js";
import { historyText } from "./history.js";
import { LATENT } from "./linear-vae.js";

export interface RunOptions {
  name?: string;
  description?: string;
  seed?: number;
  beta?: number;
  epochs?: number;
  state?: Status["state"];
  reason?: string;
  labels?: boolean;
  samples?: boolean;
  /** Put in the place of the closed form's figures. */
  measurements?: Record<string, Measurement>;
  /** By default what vaelab's own metrics declare. */
  declared?: Declarations;
  controls?: RunMetrics["controls"];
  classNames?: RunMetrics["classNames"];
  latents?: number;
  /** Of the model; each has LATENT dimensions. */
  latentNames?: readonly string[];
  /** Whether the data are. */
  images?: boolean;
}

const json = (folder: string, name: string, value: unknown): void =>
  writeFileSync(join(folder, name), JSON.stringify(value));

/** Blurred rings, different in each cell. */
const drawGrid = (columns: number, rows: number, key: number, soft: boolean): Uint8Array => {
  const size = 28;
  const [width, height] = [columns * (size + 1) - 1, rows * (size + 1) - 1];
  const data = new Uint8Array(width * height).fill(128);
  for (let cell = 0; cell < columns * rows; cell++) {
    const [left, top] = [(cell % columns) * (size + 1), Math.floor(cell / columns) * (size + 1)];
    const [rx, ry, tilt] = [
      5 + 6 * (wobble(cell, key) + 0.5),
      6 + 5 * (wobble(cell, key, 1) + 0.5),
      wobble(cell, key, 2) * 2,
    ];
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++) {
        const [u, v] = [x - 13.5 + tilt * (y - 13.5) * 0.4, y - 13.5];
        const p = Math.exp(-((Math.hypot(u / rx, v / ry) - 1) ** 2) * 14);
        data[(top + y) * width + left + x] = soft ? 255 * p : wobble(x, y, cell, key) + 0.5 < p ? 255 : 0;
      }
  }
  return encode({ width, height, data, channels: 1, depth: 8 });
};

const drawn = new Map<string, Uint8Array>();
const grid = (columns: number, rows: number, key: number, soft: boolean): Uint8Array => {
  const name = [columns, rows, key, soft].join();
  const bytes = drawn.get(name) ?? drawGrid(columns, rows, key, soft);
  drawn.set(name, bytes);
  return bytes;
};

const writePictures = (folder: string, seed: number): void => {
  writeFileSync(join(folder, SAMPLE_FILES.priorDraws), grid(8, 8, seed, false));
  writeFileSync(join(folder, SAMPLE_FILES.priorMeans), grid(8, 8, seed, true));
  writeFileSync(join(folder, SAMPLE_FILES.reconstructions), grid(16, 4, seed + 2, true));
  writeFileSync(join(folder, SAMPLE_FILES.interpolations), grid(10, 8, seed + 3, true));
};
const writeSamples = (folder: string, options: RunOptions): void => {
  const { beta = 1, seed = 1, labels = true, latents = 500, images = true } = options;
  mkdirSync(folder);
  if (images) writePictures(folder, seed);
  else json(folder, SAMPLE_FILES.layout, { samplers: [], images: false });
  const label = Int32Array.from({ length: latents }, (_, i) => i % 10);
  const spread = 0.35 + 0.1 * beta;
  const projection = Float32Array.from({ length: latents * 2 }, (_, at) => {
    const [i, axis] = [at >> 1, at & 1];
    const angle = (2 * Math.PI * (i % 10)) / 10;
    const noise = wobble(i, axis, 1) + wobble(i, axis, 2) + wobble(i, axis, 3);
    return 2 * (axis ? Math.sin(angle) : Math.cos(angle)) * (1 + 0.5 * ((i % 10) % 2)) + spread * noise;
  });
  writeNpz(join(folder, SAMPLE_FILES.latents), {
    codes: { shape: [latents, LATENT], data: new Float32Array(latents * LATENT) },
    projection: { shape: [latents, 2], data: projection },
    ...(labels && { label: { shape: [latents], data: label } }),
  });
};

export const writeRunFolder = (folder: string, options: RunOptions = {}): RunMetrics => {
  const { name = "linear-beta", seed = 1, beta = 1, epochs = 20, state = "finished", reason, samples = true } = options;
  mkdirSync(folder, { recursive: true });
  const status: Status = {
    state,
    attempt: 1,
    pid: 4711,
    host: "fixture",
    startedAt: "2025-01-01T10:00:00.000Z",
    updatedAt: "2025-01-01T10:03:41.000Z",
    step: epochs * 62,
    totalSteps: 20 * 62,
    ...(reason !== undefined && { reason }),
  };
  json(folder, "status.json", status);
  const spec = {
    name,
    seed,
    ...(options.description !== undefined && { description: options.description }),
    data: { type: "gaussian", seed: 0 },
    model: { latent: LATENT, encoder: { type: "mlp", hidden: [] }, prior: { type: "gaussian" } },
    objective: { type: "elbo", beta: { type: "constant", value: beta } },
  };
  json(folder, "spec.json", spec);
  json(folder, "resolved.json", spec);
  json(folder, "provenance.json", {
    vaelab: "0.1.0",
    git: { commit: "35fc7920a1b2c3d4e5f60718293a4b5c6d7e8f90", patch: null },
    data: {
      sha256: "9b74c9897bac770ffc029102a200c5de9b74c9897bac770ffc029102a200c5de",
      sizes: { train: 8000, validation: 1000, test: 1000 },
    },
    engine: { name: "native", version: "2.19.0", threads: 2, capture: "graph" },
    node: "v20.20.2",
    host: { name: "fixture", platform: "linux", cores: 2 },
  });
  writeFileSync(join(folder, "history.jsonl"), historyText(options));
  const measurements = options.measurements ?? figuresOf(beta, seed);
  const metrics: RunMetrics = {
    name,
    seed,
    split: "test",
    checkpoint: { step: epochs * 62, which: "best" },
    ...(options.declared ?? declarationsOf(measurements, ...Object.values(options.controls ?? {}))),
    measurements,
    ...(options.controls && { controls: options.controls }),
    ...(options.classNames && { classNames: options.classNames }),
  };
  if (state === "finished") json(folder, "metrics.json", metrics);
  if (state === "finished" && samples) writeSamples(join(folder, "samples"), options);
  return metrics;
};

/** Two-sided 95 % quantiles of Student's t with 1, 2, ... degrees of freedom (a table). */
const T95 = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306];

export const groupsOf = (points: SweepMetrics["points"]): SweepMetrics["groups"] => {
  const byChoices = new Map<string, SweepMetrics["points"][number][]>();
  for (const point of points)
    byChoices.set(JSON.stringify(point.choices), [...(byChoices.get(JSON.stringify(point.choices)) ?? []), point]);
  return [...byChoices.values()].map((own) => ({
    choices: own[0]!.choices,
    seeds: own.map(({ seed }) => seed),
    measurements: Object.fromEntries(
      Object.entries(own[0]!.measurements).flatMap(([name, first]) => {
        const found = own.flatMap(({ measurements }) => measurements[name] ?? []);
        const values = found.flatMap(({ value }) => value ?? []);
        if (values.length === 0) return [];
        const mean = values.reduce((a, b) => a + b, 0) / values.length;
        const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1);
        const half = values.length > 1 ? T95[values.length - 2]! * Math.sqrt(variance / values.length) : null;
        const { value: _, n: __, k: ___, standardError: ____, note: _____, perExample: ______, ...key } = first;
        return [
          [
            name,
            {
              ...key,
              mean,
              low: half === null ? null : mean - half,
              high: half === null ? null : mean + half,
              n: values.length,
            },
          ],
        ];
      }),
    ),
  }));
};

export const BETAS = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16] as const;

export interface SweepOptions {
  name?: string;
  settings?: readonly Readonly<Record<string, unknown>>[];
  seeds?: readonly number[];
  /** What becomes of a trial; figures by the closed form unless given. */
  run?: (choices: Readonly<Record<string, unknown>>, seed: number) => RunOptions;
}

export const writeSweepFolder = (folder: string, options: SweepOptions = {}): SweepMetrics => {
  const { name = "linear-tradeoff", seeds = [1, 2, 3, 4, 5], run } = options;
  const overBeta: SweepOptions["settings"] = BETAS.map((beta) => ({ "objective.beta": beta }));
  const settings = options.settings ?? overBeta;
  mkdirSync(folder, { recursive: true });
  const plan: PlannedTrial[] = settings.flatMap((choices, i) =>
    seeds.map((seed) => ({ id: `t${i}s${seed}`, choices, seed })),
  );
  const paths = [...new Set(settings.flatMap((choices) => Object.keys(choices)))];
  const axes = paths.map((path) => ({
    path,
    values: [...new Set(settings.map((choices) => choices[path]))],
    ...(path === "objective.beta" && { role: "weight" as const }),
  }));
  const header: SweepHeader = { name, axes, seeds, trials: plan.length };
  json(folder, "sweep.json", { format: FORMAT, ...header });
  writeFileSync(join(folder, "plan.jsonl"), plan.map((trial) => `${JSON.stringify(trial)}\n`).join(""));
  const declared: Declarations[] = [];
  const points = plan.flatMap(({ id, choices, seed }) => {
    const beta = choices["objective.beta"];
    const chosen: RunOptions = { name, seed, ...(typeof beta === "number" && { beta }), ...run?.(choices, seed) };
    const own = `trials/${id}/attempt-1`;
    const { figures, planes, measurements, controls } = writeRunFolder(join(folder, own), {
      ...chosen,
      samples: (chosen.samples ?? true) && seed === seeds[0],
    });
    declared.push({ figures, planes });
    return (chosen.state ?? "finished") === "finished"
      ? [{ trial: id, folder: own, choices, seed, measurements, ...(controls && { controls }) }]
      : [];
  });
  const metrics: SweepMetrics = {
    name,
    figures: Object.assign({}, ...declared.map(({ figures }) => figures)),
    planes: declared[0]!.planes,
    points,
    groups: groupsOf(points),
    interval: "mean over seeds with a two-sided 95 % Student t interval",
  };
  json(folder, "metrics.json", metrics);
  return metrics;
};
