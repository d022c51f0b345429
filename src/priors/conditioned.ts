/** Priors that depend on their parents through a network. */
import type { PriorCall, PriorContext } from "../contracts/prior.js";
import { ACTIVATIONS, type Activation, learnedVectors, SIZES } from "../nn/index.js";
import { sizeOf } from "../tensor/fields.js";
import { type Tensor, tf } from "../tensor/tensor.js";

/** Fields of a schema. */
export const CONDITIONED = {
  hidden: { ...SIZES, default: [], description: "If conditioned: units of each hidden layer of its network" },
  activation: {
    enum: ACTIVATIONS,
    default: "relu",
    description: "If conditioned: activation after every hidden layer",
  },
} as const;

/** [..., D] → [..., ...latent]. */
const shapedAs =
  (latent: readonly number[]) =>
  (x: Tensor): Tensor =>
    tf.reshape(x, [...x.shape.slice(0, -1), ...latent]);

/**
 * Location 0 and one log-scale in every dimension. Conditioned, both come from a network of the parents, and begin at these values.
 * @returns a function that reads the parameters: [..., ...latent] each
 */
export const locationAndScale = (
  { logScale, ...network }: { logScale: number; hidden: readonly number[]; activation: Activation },
  { latent, parents = {}, parameters }: PriorContext,
): ((call: PriorCall) => { location: Tensor; logScale: Tensor }) => {
  if (Object.keys(parents).length === 0)
    return () => ({ location: tf.zeros([...latent]), logScale: tf.fill([...latent], logScale) });
  const size = sizeOf(latent);
  const vectors = learnedVectors(parameters, parents, { location: size, "log-scale": size }, network);
  const shaped = shapedAs(latent);
  return ({ parents: values, call }) => {
    const learned = vectors(values, call);
    return { location: shaped(learned.location!), logScale: tf.add(shaped(learned["log-scale"]!), logScale) };
  };
};
