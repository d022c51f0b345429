/** What is measured on a trained model. Metrics see a model through blocks of examples whose noise is fixed by block. */

import type { Points } from "../numerics/points.js";
import type { Stream } from "../numerics/streams.js";
import type { Batch } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import type { Bindings } from "../tensor/parameters.js";
import type { Tensor } from "../tensor/tensor.js";
import type { DatasetDescription, SplitName } from "./dataset.js";
import type { FigureDefinitions, Measured, PlaneDefinition, SampleSource } from "./measurement.js";
import type { Model } from "./model.js";

export interface MetricResult {
  measurements: readonly Measured[];
  /** The same figures of the control sets, by their names: what the figures of the model's samples are read beside. */
  controls?: Readonly<Record<string, readonly Measured[]>>;
}

/** One block's outputs, by name; the first axis is the block's examples unless the metric says otherwise. */
export interface BlockOutput {
  shape: readonly number[];
  data: Float32Array;
}
export interface BlockRequest {
  /** Names the noise: the same name and block give the same draws. */
  name: string;
  /** Times that each block is run, each with noise of its own: chunks of importance samples. */
  repeats?: number;
  /** Which encoder infers: the one that was trained with the model, or a copy refitted at beta 1 (the default is "trained"). */
  proposal?: "trained" | "refitted";
  /** Runs inside tidy with the trained parameters bound. `proposal` goes to `model.infer`. */
  body(batch: Batch, noise: Noise, proposal: Bindings | undefined): Readonly<Record<string, Tensor>>;
  /** Receives each block's outputs on the host, and is awaited; `start` is the block's first row in the split. */
  receive(
    outputs: Readonly<Record<string, BlockOutput>>,
    block: { start: number; size: number; repeat: number },
  ): unknown;
}
/** Examples as the data set holds them, row by row flattened; `given`: what each was asked for, or its labels (-1 for none), by field. */
export interface SampleRows extends Points {
  given?: Readonly<Record<string, Float32Array>>;
}
/** Samples from one source. The same count gives the same rows, however often it is asked. */
export interface SampleSet<Source = SampleSource> {
  readonly source: Source;
  /** Rows, or the reason in one line why there are none. */
  draw(count: number): Promise<SampleRows | string>;
}

/**
 * ln of a density over codes, in nats.
 * @param codes all latents side by side, in the order of `model.latents`
 * @param rows the example of each code, as its row in the scored split: a conditional model has a density for each label
 */
export type CodeDensity = (codes: Points, rows: Int32Array) => Promise<Float64Array>;
/** The density of a sampler of the evaluation. */
export interface ExPostDensity {
  readonly sampler: string;
  /** Fits it to the training codes on first use; the reason in one line where there is no density. */
  learn(): Promise<CodeDensity | string>;
}

/** What metrics of samples compare. All of it but the model's own samples is fixed by `data.seed`. */
export interface SamplingContext {
  /** Rows there are on each side, at most: of the scored split, and of the training split apart from what the extractor saw. */
  comparable: number;
  /** That many examples of the scored split, chosen at random. */
  real(count: number): Promise<SampleRows>;
  /** The whole training split. */
  training(): Promise<Points>;
  /** Samples of the model. */
  samples: readonly SampleSet[];
  /** Of each sampler of the evaluation. */
  densities: readonly ExPostDensity[];
  /** By name: "train", "noise", "one-class", "memorized", "collapsed". */
  controls: readonly SampleSet<string>[];
  /** Host draws by name. */
  stream(name: string): Stream;
  /** What does not depend on the model, computed once a data set. @param key names all that it does depend on. */
  remember<T>(key: string, compute: () => Promise<T>): Promise<T>;
}
/** A small network that was trained once on part of the data set's training split, which is never what it scores. */
export interface FeatureExtractor {
  /** What it is, how well it does, and the SHA-256 of its parameters: the note of every figure that it takes part in. */
  readonly description: string;
  features(points: Points): Promise<Points>;
  /** The label that it reads in each row, of a field that it was trained to tell; undefined of any other. */
  labels(points: Points, field: string): Promise<Int32Array> | undefined;
}

export interface MetricContext {
  model: Model;
  dataset: DatasetDescription;
  split: SplitName;
  /** Examples in that split. */
  size: number;
  sampling: SamplingContext;
  /** @throws CONTRACT unless the metric says that it needs one. */
  extractor(): Promise<FeatureExtractor>;
  /** False where the spec asks for no refit: `proposal: "refitted"` is then an error. */
  canRefit: boolean;
  blocks(request: BlockRequest): Promise<void>;
}
export interface Metric {
  /** Services that it asks for. */
  readonly needs?: readonly "extractor"[];
  evaluate(context: MetricContext): Promise<MetricResult>;
}
/** What the definition of a metric declares: its figures by name, and the planes that they span. */
export interface MetricDeclaration {
  readonly figures: FigureDefinitions;
  readonly planes?: readonly PlaneDefinition[];
}
