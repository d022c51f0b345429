/** What every part of a model gets when it is called, and the records of tensors that pass between parts. */
import type { Noise } from "../tensor/keyed-noise.js";
import type { Scalar, Tensor } from "../tensor/tensor.js";
import type { Schedule } from "./schedule.js";

/** Latent values by site, each [S, B, ...site shape] outside networks and [N, ...site shape] inside. */
export type Values = Readonly<Record<string, Tensor>>;
/** What an encoder hands on, by name: "features" is the one that a single latent reads. */
export type FeatureMaps = Readonly<Record<string, Tensor>>;

/** How a part of a model is called. Dropout and statistics behave differently in training. */
export interface CallContext {
  training: boolean;
  noise: Noise;
  /**
   * "data": examples of the data set. "pseudo-input": values that a prior passes through the encoder. Statistics follow the data
   * alone: what a part assigns at a pseudo-input is dropped, and a loss that it adds there is ignored.
   */
  purpose: "data" | "pseudo-input";
  /** The value of a schedule: at this step in training, the final one otherwise. */
  scalar(schedule: Schedule): Scalar;
  /**
   * Adds a scalar to the loss of the objective's first phase, in nats an example, and logs it under this name: the commitment loss
   * of a codebook, for example. Ignored outside training and validation.
   * @param latent that it is about: the framework says so for posteriors
   * @throws CONTRACT if the name is taken in this step
   */
  loss(name: string, value: Scalar, latent?: string): void;
}
