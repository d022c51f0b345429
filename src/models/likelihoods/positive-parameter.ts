/**
 * A positive parameter of a likelihood beside what the decoder outputs: a scale, a concentration, an inverse dispersion. It is fixed,
 * or p = floor + exp(a), one shared by all elements or one for each: its gradient does not vanish at the floor, and the floor keeps
 * a density from growing without bound (Rybkin et al. 2021). A predicted one is p = floor + (initial - floor) softplus(a(z)) / ln 2:
 * it is `initial` at a = 0 and grows linearly.
 */
import type { Shape } from "../../tensor/fields.js";
import { constant } from "../../tensor/initializers.js";
import type { ParameterScope } from "../../tensor/parameters.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { severalParameters } from "./several-parameters.js";

export const LEARN = ["no", "shared", "element", "predicted"] as const;

export interface PositiveParameter {
  /** The field of the spec, "inverseDispersion"; its weight is "log-inverse-dispersion". */
  name: string;
  /** The value, or the initial one if it is learned or predicted. */
  initial: number;
  learn: (typeof LEARN)[number];
  floor: number;
}

/** Reason to refuse the initial value of a learned parameter; undefined if it lies above the floor. */
export const initialRefusal = (
  name: string,
  { learn, floor, ...fields }: Readonly<Record<string, unknown>>,
): string | undefined => {
  const initial = fields[name];
  if (learn === "no" || Number(initial) > Number(floor)) return undefined;
  return `a learned ${name} cannot start at ${initial} with the floor ${floor}: raise "${name}" or lower "floor"`;
};

/** ln p of a predicted parameter, from what the decoder outputs for it. */
export const predictedLog = (excess: Tensor, initial: number, floor: number): Tensor =>
  tf.log(tf.add(tf.mul(tf.softplus(excess), (initial - floor) / Math.LN2), floor));

export interface DecodedWithPositive {
  /** One example's shape of what the decoder outputs. */
  outputs: Shape;
  /** @param decoded [..., ...outputs] → `count` tensors [..., ...shape], and ln p, which broadcasts against them. */
  at(decoded: Tensor): { decoded: Tensor[]; log: Tensor };
}

/**
 * @param shape of the field
 * @param count of the parameters that are decoded for each element beside this one
 */
export const withPositive = (
  { name, initial, learn, floor }: PositiveParameter,
  shape: Shape,
  parameters: ParameterScope,
  count = 1,
): DecodedWithPositive => {
  if (learn === "predicted") {
    const { outputs, split } = severalParameters(shape, count + 1);
    const at = (all: Tensor) => {
      const parts = split(all);
      const excess = parts.at(-1)!;
      return {
        decoded: parts.slice(0, -1),
        log: predictedLog(excess, initial, floor),
      };
    };
    return { outputs, at };
  }
  const { outputs, split } = severalParameters(shape, count);
  if (learn === "no") return { outputs, at: (all) => ({ decoded: split(all), log: tf.scalar(Math.log(initial)) }) };
  const weight = `log-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const logExcess = parameters(weight, learn === "shared" ? [] : shape, constant(Math.log(initial - floor)));
  return {
    outputs,
    at: (all) => ({ decoded: split(all), log: tf.log(tf.add(tf.exp(logExcess.value), floor)) }),
  };
};
