/** What a posterior on a sphere takes from the encoder's features: a unit vector and a concentration above 0. */
import type { FeatureMaps } from "../../contracts/call-context.js";
import type { PosteriorContext } from "../../contracts/posterior.js";
import { normalized } from "../../distributions/sphere/geometry.js";
import type { Shape } from "../../tensor/fields.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { featureOutputs } from "./feature-outputs.js";

/** Shorter vectors have no direction: its gradient has no bound near 0, where features of an example are if no rectifier is active. */
const SHORTEST = 0.01;

/** Vectors [..., D], the short ones moved along the first axis, so that none is shorter than that. */
const awayFromZero = (x: Tensor): Tensor => {
  const isShort = tf.cast(tf.less(tf.sum(tf.square(x), -1, true), SHORTEST ** 2), "float32");
  const first = tf.tensor1d(Array.from({ length: x.shape.at(-1)! }, (_, i) => (i === 0 ? 2 * SHORTEST : 0)));
  return tf.add(x, tf.mul(isShort, first));
};

/** Why a latent cannot lie on a sphere. */
export const refusesSphere = (_: unknown, latent: Shape): string | undefined =>
  latent.at(-1)! < 2 ? "a sphere needs at least 2 dimensions, on the last axis" : undefined;

/**
 * The concentration is D softplus(a), a one dense output per sphere: D, because it takes a concentration that grows with the dimensions
 * to keep draws as near to their direction.
 */
export const sphereOutputs = ({
  latent,
  ...context
}: PosteriorContext): ((maps: FeatureMaps) => { direction: Tensor; concentration: Tensor }) => {
  const output = featureOutputs(context);
  const [direction, concentration] = [output("direction", latent), output("concentration", latent.slice(0, -1))];
  return (maps) => ({
    direction: normalized(awayFromZero(direction(maps))),
    concentration: tf.mul(tf.softplus(concentration(maps)), latent.at(-1)!),
  });
};
