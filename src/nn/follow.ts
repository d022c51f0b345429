/** A hidden layer: how its weights are normalized, and what follows them, in order: normalization, activation, dropout. */
import type { ParameterScope } from "../tensor/parameters.js";
import { ACTIVATIONS, type Activation, activate } from "./activations.js";
import { dropout } from "./dropout.js";
import { type CalledLayer, sequence } from "./layer.js";
import { NORMALIZATIONS, type Normalization, normalize } from "./normalization.js";
import type { WeightOptions } from "./weights.js";

/** Schemas without default or description. */
export const FOLLOWING = {
  activation: { enum: ACTIVATIONS },
  normalization: { enum: NORMALIZATIONS },
  dropout: { type: "number", minimum: 0, exclusiveMaximum: 1 },
} as const;

export interface Following extends WeightOptions {
  activation: Activation;
  normalization?: Normalization;
  /** Dropout probability. */
  dropout?: number;
}

export interface LinearOptions extends WeightOptions {
  bias?: boolean;
}
/** Options of the linear part of a hidden layer. A normalization has its own shift, so the layer before it needs no bias. */
export const linearOptions = ({ normalization = "none", normalizeWeights }: Following): LinearOptions => ({
  bias: normalization === "none",
  normalizeWeights,
});

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
