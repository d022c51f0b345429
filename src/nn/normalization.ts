/**
 * Normalization by mean and (biased) variance over some axes, then a scale and shift per channel (the last axis):
 *
 *     y = scale (x - mean) / sqrt(variance + epsilon) + shift        scale begins at 1, shift at 0
 *
 * batch   over all axes but the channel (Ioffe & Szegedy 2015). In training by the batch itself; the running statistics move
 *         by (1 - momentum) to the batch's mean and unbiased variance at every call, and stand in for them elsewhere.
 * group   over one example's positions and a group of channels (Wu & He 2018)
 * layer   over all of one example (Ba, Kiros & Hinton 2016): group normalization with one group
 */
import { ones, zeros } from "../tensor/initializers.js";
import type { ParameterScope } from "../tensor/parameters.js";
import { stopGradient, type Tensor, tf } from "../tensor/tensor.js";
import type { CalledLayer, Layer } from "./layer.js";

export const EPSILON = 1e-5;
export const MOMENTUM = 0.9;

/** For the `enum` of a schema. */
export const NORMALIZATIONS = ["none", "batch", "layer", "group"] as const;
export type Normalization = (typeof NORMALIZATIONS)[number];

const moments = (x: Tensor, axes: number[]): { mean: Tensor; variance: Tensor; centered: Tensor } => {
  const mean = tf.mean(x, axes, true);
  const centered = tf.sub(x, mean);
  return { mean, centered, variance: tf.mean(tf.square(centered), axes, true) };
};

const scaleAndShift = (parameters: ParameterScope, channels: number): Layer => {
  const scale = parameters("scale", [channels], ones);
  const shift = parameters("shift", [channels], zeros);
  return (x) => tf.add(tf.mul(x, scale.value), shift.value);
};

/** [N, ..., channels]. Statistics "mean" and "variance" in the scope given are not trained. */
export const batchNorm = (
  parameters: ParameterScope,
  channels: number,
  { momentum = MOMENTUM, epsilon = EPSILON } = {},
): CalledLayer => {
  const affine = scaleAndShift(parameters, channels);
  const runningMean = parameters("mean", [channels], zeros, { trainable: false });
  const runningVariance = parameters("variance", [channels], ones, { trainable: false });
  return (x, { training }) => {
    if (!training) return affine(tf.div(tf.sub(x, runningMean.value), tf.sqrt(tf.add(runningVariance.value, epsilon))));
    const { mean, variance, centered } = moments(
      x,
      x.shape.slice(0, -1).map((_, axis) => axis),
    );
    const count = x.size / channels;
    const moved = (running: Tensor, current: Tensor): Tensor =>
      tf.add(tf.mul(running, momentum), tf.mul(tf.reshape(stopGradient(current), [channels]), 1 - momentum));
    runningMean.assign(moved(runningMean.value, mean));
    runningVariance.assign(moved(runningVariance.value, tf.mul(variance, count / Math.max(1, count - 1))));
    return affine(tf.div(centered, tf.sqrt(tf.add(variance, epsilon))));
  };
};

/** [N, ..., channels], of which `groups` is a divisor. */
export const groupNorm = (
  parameters: ParameterScope,
  channels: number,
  groups: number,
  { epsilon = EPSILON } = {},
): Layer => {
  const affine = scaleAndShift(parameters, channels);
  return (x) => {
    const { variance, centered } = moments(tf.reshape(x, [x.shape[0]!, -1, groups, channels / groups]), [1, 3]);
    return affine(tf.reshape(tf.div(centered, tf.sqrt(tf.add(variance, epsilon))), x.shape));
  };
};

/** [N, ..., channels]: over everything but the first axis. */
export const layerNorm = (parameters: ParameterScope, channels: number, options?: { epsilon?: number }): Layer =>
  groupNorm(parameters, channels, 1, options);

/** 8 groups, or 4, 2 or 1 so that each group has at least four channels; a group of one element would be constant. */
const groupsOf = (channels: number): number => [8, 4, 2].find((groups) => channels % (4 * groups) === 0) ?? 1;

/** By name. */
export const normalize = (
  normalization: Normalization,
  parameters: ParameterScope,
  channels: number,
): CalledLayer | undefined => {
  if (normalization === "none") return undefined;
  const scope = parameters.scope(`${normalization}-norm`);
  if (normalization === "batch") return batchNorm(scope, channels);
  return normalization === "layer" ? layerNorm(scope, channels) : groupNorm(scope, channels, groupsOf(channels));
};
