/** Feature extractor for metrics, trained or read from the cache on first use. */
import type { Dataset } from "../../contracts/dataset.js";
import type { FeatureExtractor } from "../../contracts/metric.js";
import type { Optimizer } from "../../contracts/optimizer.js";
import type { HostTensors, Program, ProgramRunner } from "../../contracts/program.js";
import { type Points, rowOf } from "../../numerics/points.js";
import { momentsOf } from "../../numerics/principal-components.js";
import { mean } from "../../numerics/statistics.js";
import { sha256Bytes } from "../../storage/files.js";
import { canonicalJson } from "../../storage/json.js";
import { decodeSafetensors, encodeSafetensors } from "../../storage/safetensors.js";
import type { Bindings } from "../../tensor/parameters.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Cache } from "../services/services.js";
import { assertParameters } from "../training/checked-tensors.js";
import { diskCache } from "./disk-cache.js";
import { breathe, withProgram } from "./evaluation-program.js";
import { CENTER, type FeatureNetwork, featureNetwork, SCALES, type Task, VERSION } from "./feature-network.js";
import { momentsOfRows, trainFeatures } from "./feature-training.js";
import { rowsOfSplit, trainingRows } from "./held-out-rows.js";
import { UNKNOWN } from "./labels-of-split.js";

export interface ExtractorOptions {
  dataset: Dataset;
  dataSeed: number;
  runner: ProgramRunner;
  optimizer(): Promise<Optimizer>;
  /** Default: the cache on disk. */
  cache?: Cache;
  warn(message: string): void;
  progress?(done: number, total: number): void;
  signal?: AbortSignal;
}

/** Rows per call. Fixed, so that features do not depend on the number of requested rows. */
const ROWS = 200;
/** Number of examples that set its scale, and of validation examples that measure its accuracy. */
const CHECKED = 1000;

const widthOf = ({ groups }: FeatureNetwork): number => groups.reduce((sum, group) => sum + group, 0);

interface Read {
  features: Float32Array;
  /** Predicted class of each row, by task. */
  classes: Readonly<Record<string, Int32Array>>;
}

/** Runs the network over rows in blocks of a fixed size, so that features of a row do not depend on other rows. */
const readRows = async (
  { dataset, runner }: Pick<ExtractorOptions, "dataset" | "runner">,
  network: FeatureNetwork,
  parameters: HostTensors,
  points: Points,
): Promise<Read> => {
  const { shape } = dataset.fields[dataset.modeled]!;
  const program: Program<Bindings, { x: Tensor }, { features: Tensor; logits: Bindings }> = {
    name: "features",
    initialState: parameters,
    run: (state, { x }) => ({
      outputs: network.store.bind(state, () => {
        const hidden = network.hidden(x);
        return {
          features: network.features(hidden),
          logits: Object.fromEntries(network.tasks.map((task) => [task.name, network.logits(hidden[0]!, task)])),
        };
      }),
      state: {},
    }),
  };
  const width = widthOf(network);
  const read: Read = {
    features: new Float32Array(points.n * width),
    classes: Object.fromEntries(network.tasks.map(({ name }) => [name, new Int32Array(points.n)])),
  };
  await withProgram(runner, program, async (running) => {
    for (let start = 0; start < points.n; start += ROWS) {
      const rows = Math.min(ROWS, points.n - start);
      const data = new Float32Array(ROWS * points.width);
      data.set(points.values.subarray(start * points.width, (start + rows) * points.width));
      const outputs = running.call({ x: { shape: [ROWS, ...shape], data } });
      read.features.set(outputs.features.data.subarray(0, rows * width), start * width);
      for (const { name, classes } of network.tasks) {
        const scores = { values: outputs.logits[name]!.data as Float32Array, n: ROWS, width: classes };
        for (let i = 0; i < rows; i++) {
          const row = rowOf(scores, i);
          read.classes[name]![start + i] = row.indexOf(row.reduce((a, b) => Math.max(a, b)));
        }
      }
      await breathe();
    }
  });
  return read;
};

/** Center of each feature, and scale of each group: the root of its mean variance, or 1 if it is constant. */
const standardization = (features: Float32Array, network: FeatureNetwork): HostTensors => {
  const moments = momentsOf(features, widthOf(network));
  const variances = moments.covariance.diagonal();
  let at = 0;
  const scales = network.groups.map((group) => Math.sqrt(mean(variances.slice(at, (at += group)))) || 1);
  return {
    [SCALES]: { shape: [scales.length], data: Float32Array.from(scales) },
    [CENTER]: { shape: [moments.mean.length], data: Float32Array.from(moments.mean) },
  };
};

/** @param accuracies by task, on labeled validation examples; NaN without any */
const describe = (tasks: readonly Task[], accuracies: readonly number[], sha256: string): string => {
  const told = tasks.map(({ name }, i) => {
    const right = accuracies[i]!;
    return `"${name}", ${Number.isNaN(right) ? "untested: the validation split has no labels" : `${(100 * right).toFixed(1)} % right on the validation split`}`;
  });
  const what = told.length > 0 ? `a classifier of ${told.join(" and ")}` : "no network: the standardized values";
  return `features of ${what}, SHA-256 ${sha256.slice(0, 16)}`;
};

const load = async (options: ExtractorOptions): Promise<FeatureExtractor & { sha256: string }> => {
  const { dataset, dataSeed, runner, cache = diskCache, warn } = options;
  const rows = trainingRows(dataset, dataSeed).learned;
  const network = featureNetwork(dataset, momentsOfRows(dataset, rows));
  const { fields, modeled } = dataset;
  const key = canonicalJson({ data: dataset.sha256, dataSeed, fields, modeled, runner: runner.identity });
  const train = async () => {
    const trained = await trainFeatures(network, { ...options, rows, optimizer: await options.optimizer() });
    if (network.tasks.length === 0) return encodeSafetensors(trained);
    const learned = rowsOfSplit(dataset, "train", rows.slice(0, CHECKED));
    const { features } = await readRows(options, network, trained, learned);
    return encodeSafetensors({ ...trained, ...standardization(features, network) });
  };
  const bytes = await cache.once(VERSION, key, train, warn);
  const parameters = decodeSafetensors(bytes, "feature extractor");
  assertParameters(parameters, network.store.parameters, "the cached feature extractor");
  const sha256 = sha256Bytes(bytes);

  const known = new WeakMap<Points, Promise<Read>>();
  const read = (points: Points): Promise<Read> => {
    const found = known.get(points) ?? readRows(options, network, parameters, points);
    known.set(points, found);
    return found;
  };
  const checked = Int32Array.from({ length: Math.min(CHECKED, dataset.sizes.validation) }, (_, i) => i);
  const accuracies = await accuracyOf(network, dataset, checked, read);
  return {
    sha256,
    description: describe(network.tasks, accuracies, sha256),
    features: async (points) => ({ values: (await read(points)).features, n: points.n, width: widthOf(network) }),
    labels: (points, field) =>
      network.tasks.some(({ name }) => name === field) && field in fields
        ? read(points).then(({ classes }) => classes[field]!)
        : undefined,
  };
};

const accuracyOf = async (
  { tasks }: FeatureNetwork,
  dataset: Dataset,
  rows: Int32Array,
  read: (points: Points) => Promise<Read>,
): Promise<number[]> => {
  if (tasks.length === 0) return [];
  const validation = rowsOfSplit(dataset, "validation", rows);
  const { classes } = await read(validation);
  return tasks.map(({ name }) => {
    // For rotations, the share of unrotated images that it takes to be upright.
    const truth = validation.given![name] ?? new Float32Array(rows.length);
    const right = classes[name]!.reduce((sum, label, i) => sum + (label === truth[i] ? 1 : 0), 0);
    return right / truth.reduce((sum, label) => sum + (label === UNKNOWN ? 0 : 1), 0);
  });
};

export const featureExtractor = (options: ExtractorOptions): (() => Promise<FeatureExtractor & { sha256: string }>) => {
  let loaded: ReturnType<typeof load> | undefined;
  return () => (loaded ??= load(options));
};
