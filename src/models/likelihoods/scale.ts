/**
 * The scale s of a location-scale likelihood, fixed or learned. A learned one is s = floor + exp(a), one shared by all elements or
 * one for each: its gradient does not vanish at the floor, and the floor keeps the density from growing without bound (Rybkin et
 * al. 2021). A predicted one is s = floor + (scale - floor) softplus(a(z)) / ln 2: it is `scale` at a = 0 and grows linearly.
 */
import type { Distribution } from "../../contracts/distribution.js";
import type { Likelihood, LikelihoodContext } from "../../contracts/likelihood.js";
import type { FieldSchema, Shape } from "../../tensor/fields.js";
import { constant } from "../../tensor/initializers.js";
import type { ParameterScope } from "../../tensor/parameters.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { severalParameters } from "./several-parameters.js";

/** The schema's fields of a likelihood with a scale. */
export const SCALE = {
  scale: {
    type: "number",
    exclusiveMinimum: 0,
    default: 1,
    description: "Scale s (a Gaussian's standard deviation), or its initial value if it is learned or predicted",
  },
  learn: {
    enum: ["no", "shared", "element", "predicted"],
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

export interface ScaleFields {
  scale: number;
  learn: "no" | "shared" | "element" | "predicted";
  floor: number;
}

/** Reason to refuse the initial value of a learned scale; undefined if it lies above the floor. */
export const scaleRefusal = ({ scale, learn, floor }: Readonly<Record<string, unknown>>): string | undefined =>
  learn === "no" || Number(scale) > Number(floor)
    ? undefined
    : `a learned scale cannot start at ${scale} with the floor ${floor}: raise "scale" or lower "floor"`;

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
  if (learn === "predicted") {
    const { outputs, split } = severalParameters(shape, 2);
    const at = (decoded: Tensor) => {
      const [location, excess] = split(decoded) as [Tensor, Tensor];
      return { location, logScale: tf.log(tf.add(tf.mul(tf.softplus(excess), (scale - floor) / Math.LN2), floor)) };
    };
    return { outputs, at };
  }
  if (learn === "no") return { outputs: shape, at: (location) => ({ location, logScale: tf.scalar(Math.log(scale)) }) };
  const logExcess = parameters("log-scale", learn === "shared" ? [] : shape, constant(Math.log(scale - floor)));
  return {
    outputs: shape,
    at: (location) => ({ location, logScale: tf.log(tf.add(tf.exp(logExcess.value), floor)) }),
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
  refuses: (fields: Readonly<Record<string, unknown>>, { support }: FieldSchema): string | undefined =>
    support === "categorical" ? `${density} is not a density over categories: it needs numbers` : scaleRefusal(fields),
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
