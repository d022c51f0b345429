/**
 * The learned baseline of NVIL. A draw's learning signal l, in nats, is centered and scaled before it moves ln q of the draw:
 *
 *     (l - C(x) - c) / max(1, sqrt(v)),   C a network of the data, trained to minimize (l - C(x) - c)^2
 *
 * c and v are moving averages of the mean and of the variance of l - C(x), those of the steps before: of this step they would depend on
 * the draws, and bias the gradient. The network reads the modeled field.
 */
import type { TermDeclarations } from "../contracts/logged-figure.js";
import type { ObjectiveContext, StepContext } from "../contracts/objective.js";
import { ACTIVATIONS, type Activation, networkShape, networkValue, SIZES, scalarNetwork } from "../nn/index.js";
import { sizeOf } from "../tensor/fields.js";
import { ones, zeros } from "../tensor/initializers.js";
import { gradientAlone, type Scalar, stopGradient, type Tensor, tf } from "../tensor/tensor.js";

export const BASELINE = {
  type: "object",
  additionalProperties: false,
  description: "The learned baseline of nvil",
  properties: {
    hidden: { ...SIZES, default: [100], description: "Units of each hidden layer of its network" },
    activation: { enum: ACTIVATIONS, default: "tanh", description: "Activation after every hidden layer" },
    decay: {
      type: "number",
      minimum: 0,
      exclusiveMaximum: 1,
      default: 0.8,
      description: "What the moving averages of the signal's mean and variance keep in a step",
    },
  },
} as const;

/** What its objectives log of it. */
export const BASELINE_FIGURES: TermDeclarations = {
  baselineError: { title: "squared error of the baseline", unit: "squared nats" },
};

export interface BaselineFields {
  hidden: readonly number[];
  activation: Activation;
  decay: number;
}

export interface CenteredSignal {
  /** What is taken from a signal, [B]: C(x) + c. */
  baseline: Tensor;
  /** max(1, sqrt(v)). */
  scale: Scalar;
  /** 0 with the gradient that trains C. */
  loss: Scalar;
  /** The mean of (l - C(x) - c)^2, in squared nats. */
  squaredError: Scalar;
}
/** @param signals l, [..., B], without a gradient. Call it once in a step: the averages move. */
export type Baseline = (step: StepContext, signals: Tensor) => CenteredSignal;

const mean = (x: Tensor): Scalar => tf.mean(x);

export const learnedBaseline = (
  { model, parameters }: ObjectiveContext,
  { hidden, activation, decay }: BaselineFields,
): Baseline => {
  const field = model.fields[model.modeled]!;
  const size = sizeOf(networkShape(field));
  const scope = parameters.scope("baseline");
  const network = scalarNetwork(scope, size, { hidden, activation });
  const center = scope("mean", [], zeros, { trainable: false });
  const variance = scope("variance", [], ones, { trainable: false });
  return ({ batch }, signals) => {
    const [c, v] = [center.value, variance.value];
    const x = networkValue(field, batch.fields[model.modeled]!);
    const predicted = network()(tf.reshape(x, [-1, size]));
    const residual = tf.sub(signals, predicted);
    const squares = tf.square(tf.sub(residual, c));
    const scale = tf.maximum<Scalar>(tf.sqrt(v), 1);
    const found = stopGradient(residual);
    const average = mean(found);
    const moved = (before: Tensor, now: Tensor) => tf.add(tf.mul(before, decay), tf.mul(now, 1 - decay));
    center.assign(moved(c, average));
    variance.assign(moved(v, mean(tf.square(tf.sub(found, average)))));
    return {
      baseline: stopGradient(tf.add(predicted, c)),
      scale,
      loss: gradientAlone(tf.div<Scalar>(mean(squares), tf.mul(scale, 2))),
      squaredError: mean(squares),
    };
  };
};
