/** Priors that depend on their parents through a network. */
import type { PriorCall, PriorContext } from "../contracts/prior.js";
import { ACTIVATIONS, type Activation, learnedVectors, SIZES } from "../nn/index.js";
import { mapValues } from "../numerics/records.js";
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
 * Parameters of independent dimensions, the same value in each. Conditioned, they come from a network of the parents and begin there.
 * @param initial the value of each, by name
 * @returns a function that reads the parameters: [..., ...latent] each
 */
export const elementParameters = <Name extends string>(
  initial: Readonly<Record<Name, number>>,
  network: { hidden: readonly number[]; activation: Activation },
  { latent, parents = {}, parameters }: PriorContext,
): ((call: PriorCall) => Record<Name, Tensor>) => {
  if (Object.keys(parents).length === 0)
    return () => mapValues<number, Tensor>(initial, (value) => tf.fill([...latent], value)) as Record<Name, Tensor>;
  const size = sizeOf(latent);
  const vectors = learnedVectors(
    parameters,
    parents,
    mapValues(initial, () => size),
    network,
  );
  const shaped = shapedAs(latent);
  return ({ parents: values, call }) => {
    const learned = vectors(values, call);
    return mapValues<number, Tensor>(initial, (value, name) => tf.add(shaped(learned[name]!), value)) as Record<
      Name,
      Tensor
    >;
  };
};

/** Location 0 and one log-scale in every dimension, of which a conditioned prior has others. */
export const locationAndScale = (
  { logScale: initial, ...network }: { logScale: number; hidden: readonly number[]; activation: Activation },
  context: PriorContext,
): ((call: PriorCall) => { location: Tensor; logScale: Tensor }) => {
  const read = elementParameters({ location: 0, "log-scale": initial }, network, context);
  return (call) => {
    const { location, "log-scale": logScale } = read(call);
    return { location, logScale };
  };
};
