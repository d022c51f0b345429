/** What every part of a model gets when it is called, and the records of tensors that pass between parts. */
import type { Noise } from "../tensor/keyed-noise.js";
import type { Tensor } from "../tensor/tensor.js";

/** Latent values by site, each [S, B, ...site shape] outside networks and [N, ...site shape] inside. */
export type Values = Readonly<Record<string, Tensor>>;
/** What an encoder hands on, by name: "features" is the one that a single latent reads. */
export type FeatureMaps = Readonly<Record<string, Tensor>>;

/** How a network is called: dropout and statistics behave otherwise in training. */
export interface CallContext {
  training: boolean;
  noise: Noise;
}
