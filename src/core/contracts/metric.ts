/** What is measured on a trained model. Metrics see a model through blocks of examples whose noise is fixed by block. */
import type { Batch } from "../fields.js";
import type { Noise } from "../noise-keys.js";
import type { Bindings } from "../parameters.js";
import type { Tensor } from "../tensor.js";
import type { DatasetDescription, SplitName } from "./data.js";
import type { Model } from "./model.js";

/** One number of the log. A figure that does not exist for this model is null, with the reason. */
export interface Figure {
  value: number | null;
  /** "nats", "count", "fraction", ... */
  unit: string;
  /** Examples that it was computed from. */
  n: number;
  /** Importance samples an example, where it has them. */
  k?: number;
  /** Standard error over examples, where it is a mean. */
  standardError?: number;
  /** Why it is null, or what to read it with ("upper bound: ..."). */
  note?: string;
}
export interface MetricResult {
  figures: Readonly<Record<string, Figure>>;
  /** By example of the split, in its order. */
  perExample?: Readonly<Record<string, Float32Array>>;
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
  /** Receives each block's outputs on the host; `start` is the block's first row in the split. */
  receive(outputs: Readonly<Record<string, BlockOutput>>, block: { start: number; size: number; repeat: number }): void;
}
export interface MetricContext {
  model: Model;
  dataset: DatasetDescription;
  split: SplitName;
  /** Examples in that split. */
  size: number;
  /** False where the spec asks for no refit: `proposal: "refitted"` is then an error. */
  canRefit: boolean;
  blocks(request: BlockRequest): Promise<void>;
}
export interface Metric {
  evaluate(context: MetricContext): Promise<MetricResult>;
}
