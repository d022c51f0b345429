/** Draws of all latents of a model, as codes side by side. */
import type { Inferred } from "../contracts/inferred.js";
import type { Model } from "../contracts/model.js";
import { drawCodes } from "../distributions/categorical.js";
import { oneHot } from "../nn/index.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { logNormalize } from "../tensor/mathematics.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { logWeightsOf } from "./elbo-terms.js";
import { siteOf } from "./site.js";

/**
 * [draws, B, dimensions], the latents in the order of `model.latents`. Of the values that latents are summed over, each draw has one, by
 * its probability.
 */
export const posteriorDraws = (model: Model, inferred: Inferred, noise: Noise): Tensor => {
  const values = Object.keys(model.latents).map((latent) => siteOf(inferred, latent).value);
  const [rows, batch] = values[0]!.shape as [number, number];
  const all = tf.concat(
    values.map((value) => tf.reshape(value, [rows, batch, -1])),
    2,
  );
  const { samples } = inferred;
  if (rows === samples) return all;
  const support = rows / samples;
  const byDraw = (x: Tensor): Tensor => tf.reshape(x, [samples, support, batch, -1]);
  // [draws, B, values of the support].
  const logWeights = tf.transpose(tf.squeeze(byDraw(logWeightsOf(inferred, [rows, batch])), [3]), [0, 2, 1]);
  const chosen = oneHot(drawCodes(noise, "value", logNormalize(logWeights), []), support);
  return tf.sum(tf.mul(tf.expandDims(tf.transpose(chosen, [0, 2, 1]), 3), byDraw(all)), 1);
};
