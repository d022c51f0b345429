/** What follows the weights of a hidden layer, in order: normalization, activation, dropout. */
import type { ParameterScope } from "../tensor/parameters.js";
import { ACTIVATIONS, type Activation, activate } from "./activations.js";
import { dropout } from "./dropout.js";
import { type CalledLayer, sequence } from "./layer.js";
import { NORMALIZATIONS, type Normalization, normalize } from "./normalization.js";

/** Schemas without default or description. */
export const FOLLOWING = {
  activation: { enum: ACTIVATIONS },
  normalization: { enum: NORMALIZATIONS },
  dropout: { type: "number", minimum: 0, exclusiveMaximum: 1 },
} as const;

export interface Following {
  activation: Activation;
  normalization?: Normalization;
  /** Dropout probability. */
  dropout?: number;
}

/** A normalization has its own shift, so the layer before it needs no bias. */
export const needsBias = ({ normalization = "none" }: Following): boolean => normalization === "none";

/** @param name name of the preceding layer: scope of the parameters and site of the noise. */
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
