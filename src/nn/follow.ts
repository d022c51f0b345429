/** What follows the weights of a hidden layer: normalization, activation, dropout, in this order. */
import type { ParameterScope } from "../tensor/parameters.js";
import { type Activation, activate } from "./activations.js";
import { dropout } from "./dropout.js";
import { type CalledLayer, sequence } from "./layer.js";
import { type Normalization, normalize } from "./normalization.js";

export interface Following {
  activation: Activation;
  normalization?: Normalization;
  /** Probability of being dropped. */
  dropout?: number;
}

/** A normalization has a shift of its own: the layer before it then needs no bias. */
export const needsBias = ({ normalization = "none" }: Following): boolean => normalization === "none";

/** @param name of the layer that is followed: scope of the parameters, and site of the noise. */
export const follow = (
  parameters: ParameterScope,
  name: string,
  channels: number,
  { activation, normalization = "none", dropout: rate = 0 }: Following,
): CalledLayer => {
  const normalized = normalize(normalization, parameters.scope(name), channels);
  return sequence([
    ...(normalized ? [normalized] : []),
    activate(activation),
    ...(rate > 0 ? [dropout(rate, `dropout/${name}`)] : []),
  ]);
};
