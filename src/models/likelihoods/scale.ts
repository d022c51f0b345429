/** The scale s of a location-scale likelihood: fixed, learned or predicted. */
import type { Distribution } from "../../contracts/distribution.js";
import type { Likelihood, LikelihoodContext } from "../../contracts/likelihood.js";
import type { FieldSchema, Shape } from "../../tensor/fields.js";
import type { ParameterScope } from "../../tensor/parameters.js";
import type { Tensor } from "../../tensor/tensor.js";
import { initialRefusal, LEARN, type PositiveParameter, withPositive } from "./positive-parameter.js";
import { numbersRefusal } from "./supports.js";

/** The schema's fields of a likelihood with a scale. */
export const SCALE = {
  scale: {
    type: "number",
    exclusiveMinimum: 0,
    default: 1,
    description: "Scale s (a Gaussian's standard deviation), or its initial value if it is learned or predicted",
  },
  learn: {
    enum: LEARN,
    default: "no",
    description:
      "Learned scale s: none, one shared by all elements, one per element, or one per element that the decoder predicts from z",
  },
  floor: {
    type: "number",
    exclusiveMinimum: 0,
    default: 0.001,
    description: "Lower bound of a learned or predicted s",
  },
} as const;

export interface ScaleFields extends Pick<PositiveParameter, "learn" | "floor"> {
  scale: number;
}

/** Reason to refuse the initial value of a learned scale; undefined if it lies above the floor. */
export const scaleRefusal = (fields: Readonly<Record<string, unknown>>): string | undefined =>
  initialRefusal("scale", fields);

export interface LocationAndScale {
  /** One example's shape of what the decoder outputs. */
  outputs: Shape;
  /** @param parameters [..., ...outputs] → location and ln s, which broadcast against each other. */
  at(parameters: Tensor): { location: Tensor; logScale: Tensor };
}

/** @param shape of the field. */
export const locationAndScale = (
  { scale, learn, floor }: ScaleFields,
  shape: Shape,
  parameters: ParameterScope,
): LocationAndScale => {
  const { outputs, at } = withPositive({ name: "scale", initial: scale, learn, floor }, shape, parameters);
  return {
    outputs,
    at: (all) => {
      const { decoded, log } = at(all);
      return { location: decoded[0]!, logScale: log };
    },
  };
};

/**
 * Hooks and factory of a likelihood of independent numbers with a location and a scale.
 *
 * @param density how messages name it, with its article: "a Laplace density"
 * @param distribution of [...batch, ...event], given its location and ln s, which broadcast, and the rank of the event
 */
export const locationScaleLikelihood = <F extends ScaleFields>(
  density: string,
  distribution: (location: Tensor, logScale: Tensor, eventRank: number, fields: F) => Distribution,
) => ({
  capabilities: () => ["density"] as const,
  refuses: (fields: Readonly<Record<string, unknown>>, field: FieldSchema): string | undefined =>
    numbersRefusal(density, field) ?? scaleRefusal(fields),
  create: (fields: F, { field: { shape }, parameters }: LikelihoodContext): Likelihood => {
    const { outputs, at } = locationAndScale(fields, shape, parameters);
    return {
      outputs,
      at: (decoded) => {
        const { location, logScale } = at(decoded);
        return distribution(location, logScale, shape.length, fields);
      },
    };
  },
});
