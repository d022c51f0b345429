/**
 * The weights of a linear layer, as they are trained or normalized. With v those that belong to one output, and V all as a matrix
 * [outputs, ...]:
 *
 *     weight    w = g v / |v|, with a trained length g          (Salimans & Kingma 2016, equation 2)
 *     spectral  W = V / sigma(V), the largest singular value    (Miyato et al. 2018, equation 8 and algorithm 1)
 */
import type { ResolvedFields } from "../contracts/kinds.js";
import { VaelabError } from "../errors.js";
import { drawing } from "../tensor/drawing.js";
import { type Shape, sizeOf } from "../tensor/fields.js";
import { type Initializer, normalWith, zeros } from "../tensor/initializers.js";
import type { Parameter, ParameterScope } from "../tensor/parameters.js";
import { stopGradient, type Tensor, tf } from "../tensor/tensor.js";

/** For the `enum` of a schema. */
export const WEIGHT_NORMALIZATIONS = ["weight", "spectral"] as const;
export interface WeightOptions {
  normalizeWeights?: (typeof WEIGHT_NORMALIZATIONS)[number] | undefined;
}
/** For `properties` of a schema. */
export const NORMALIZE_WEIGHTS = {
  normalizeWeights: {
    enum: WEIGHT_NORMALIZATIONS,
    description:
      'Reparametrization of the weights. "weight" trains a length and a direction for each output; "spectral" divides them by their largest singular value. Default: neither',
  },
} as const;

const refusal = (): VaelabError =>
  new VaelabError("SPEC_COMBINATION", {
    message: "weights that begin at zero have no direction, so they cannot be normalized",
    remedy: 'Choose another "initializer", or leave "normalizeWeights" out.',
  });
/** A hook `resolve`. @throws SPEC_COMBINATION for weights that begin at zero */
export const refuseZeroWeights = (fields: ResolvedFields): ResolvedFields => {
  if (fields.normalizeWeights !== undefined && fields.initializer === "zeros") throw refusal();
  return fields;
};

interface Placed {
  shape: Shape;
  /** Axis of the outputs. */
  outputs: number;
  initializer: Initializer;
}

/**
 * The parameter "weights", and "lengths" [outputs] or "singular" [inputs of an output] where it is normalized. The weights begin as
 * they would without "weight".
 * @returns its `value` is a tensor of the shape
 */
export const weightsOf = (
  parameters: ParameterScope,
  { shape, outputs, initializer }: Placed,
  { normalizeWeights }: WeightOptions,
): Pick<Parameter, "value"> => {
  const weights = parameters("weights", shape, initializer);
  if (!normalizeWeights) return weights;
  if (initializer === zeros) throw refusal();
  const value =
    normalizeWeights === "weight"
      ? weightNormalized(parameters, weights, outputs, initializer)
      : spectrallyNormalized(parameters, weights, outputs);
  return {
    get value() {
      return value();
    },
  };
};

const otherAxes = (shape: Shape, axis: number): number[] =>
  shape.map((_, each) => each).filter((each) => each !== axis);

const weightNormalized = (
  parameters: ParameterScope,
  weights: Parameter,
  outputs: number,
  initializer: Initializer,
): (() => Tensor) => {
  const { shape } = weights;
  const axes = otherAxes(shape, outputs);
  const lengths = parameters("lengths", [shape[outputs]!], lengthsOf(shape, outputs, initializer), {
    drawnAs: weights.name,
  });
  const aligned = shape.map((size, axis) => (axis === outputs ? size : 1));
  return () => {
    const v = weights.value;
    const length = tf.sqrt(tf.sum(tf.square(v), axes, true));
    return tf.mul(v, tf.div(tf.reshape(lengths.value, aligned), length));
  };
};

/** The lengths of the weights that an initializer draws of this shape. */
const lengthsOf = (shape: Shape, outputs: number, initializer: Initializer): Initializer =>
  function* (_, uniform) {
    const weights = yield* drawing(initializer(shape, uniform));
    const stride = sizeOf(shape.slice(outputs + 1));
    const count = shape[outputs]!;
    const squares = new Float64Array(count);
    for (const [i, value] of weights.entries()) squares[Math.floor(i / stride) % count]! += value ** 2;
    return Float32Array.from(squares, Math.sqrt);
  };

/** Keeps a direction from becoming NaN when its length is 0. */
const LEAST_LENGTH = 1e-12;
const unit = (x: Tensor): Tensor => tf.div(x, tf.maximum(tf.norm(x), LEAST_LENGTH));

/**
 * Each read takes one step of the power iteration from the stored singular vector, which is a constant in the gradient. The store
 * keeps where it arrives in training and drops it elsewhere, so the vector moves at data in training alone.
 */
const spectrallyNormalized = (parameters: ParameterScope, weights: Parameter, outputs: number): (() => Tensor) => {
  const { shape } = weights;
  const order = [...otherAxes(shape, outputs), outputs];
  const isLast = outputs === shape.length - 1;
  const rows = sizeOf(shape) / shape[outputs]!;
  const singular = parameters("singular", [rows], normalWith(0, 1), { trainable: false });
  return () => {
    const w = weights.value;
    const matrix = tf.reshape(isLast ? w : tf.transpose(w, order), [rows, shape[outputs]!]);
    const constant = stopGradient(matrix);
    const left = unit(tf.matMul(constant, tf.reshape(singular.value, [rows, 1]), true));
    const right = unit(tf.matMul(constant, left));
    singular.assign(tf.reshape(right, [rows]));
    return tf.div(w, tf.sum(tf.mul(tf.matMul(matrix, left), right)));
  };
};
