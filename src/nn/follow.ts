/** What follows the weights of a hidden layer: normalisation, activation, dropout, in this order. */
import type { ParameterScope } from "../tensor/parameters.js";
import { type Activation, activate } from "./activations.js";
import { dropout } from "./dropout.js";
import { type CalledLayer, sequence } from "./layer.js";
import { type Normalisation, normalise } from "./normalization.js";

export interface Following {
  activation: Activation;
  normalisation?: Normalisation;
  /** Probability of being dropped. */
  dropout?: number;
}

/** A normalisation has a shift of its own: the layer before it then needs no bias. */
export const needsBias = ({ normalisation = "none" }: Following): boolean => normalisation === "none";

/** @param name of the layer that is followed: scope of the parameters, and site of the noise. */
export const follow = (
  parameters: ParameterScope,
  name: string,
  channels: number,
  { activation, normalisation = "none", dropout: rate = 0 }: Following,
): CalledLayer => {
  const normalised = normalise(normalisation, parameters.scope(name), channels);
  return sequence([
    ...(normalised ? [normalised] : []),
    activate(activation),
    ...(rate > 0 ? [dropout(rate, `dropout/${name}`)] : []),
  ]);
};
