/**
 * A weight of the rate that a PI controller moves until the rate is the target C, in nats per example. With the error e = C - E_x [ rate ]
 * of a step, and the sum I of earlier errors, which begins at 0,
 *
 *     I <- I - integral e,    beta = minimum + proportional / (1 + exp(e)) + I, within [minimum, maximum]
 *     step: distortion + beta rate
 *
 * I stays where it is while beta is at a limit and e pushes beyond it. The loss that is logged, and that chooses the checkpoint, is the
 * exact penalty distortion + maximum |rate - C|, since losses at two values of beta do not compare.
 *
 * beta depends on what steps measure. A schedule does not: it is a curve that the host feeds. So I is a statistic of the objective, which
 * checkpoints keep as they keep those of normalization layers. C is a schedule.
 */
import { defineObjective } from "../spec/define.js";
import { zeros } from "../tensor/initializers.js";
import { gradientAlone, type Scalar, stopGradient, tf } from "../tensor/tensor.js";
import { DRAWS, RATED, withinLimits } from "./controlled-weight.js";
import { elboPhase, ratedAt } from "./elbo-phase.js";

interface Gains {
  proportional: number;
  integral: number;
  minimum: number;
  maximum: number;
}
/** The weight at this error, and the next sum. */
const controlled = (error: Scalar, sum: Scalar, { proportional, integral, minimum, maximum }: Gains) => {
  const candidate = tf.sub<Scalar>(sum, tf.mul(error, integral));
  const wanted = tf.addN([tf.mul(tf.sigmoid(tf.neg(error)), proportional), candidate, tf.scalar(minimum)]);
  const isBeyond = tf.logicalOr(
    tf.logicalAnd(tf.greater(wanted, maximum), tf.less(error, 0)),
    tf.logicalAnd(tf.less(wanted, minimum), tf.greater(error, 0)),
  );
  return {
    beta: tf.clipByValue(wanted, minimum, maximum) as Scalar,
    sum: tf.where(isBeyond, sum, candidate),
  };
};

export const controlVae = defineObjective({
  schema: {
    type: "object",
    title: "ELBO whose beta a controller moves",
    description: "Minimizes distortion + beta * rate; a PI controller moves beta until the rate is the target.",
    required: ["type", "target"],
    additionalProperties: false,
    properties: {
      type: { const: "control-vae" },
      target: { type: "object", component: "schedule", role: "target", description: "Target rate C, in nats" },
      proportional: { type: "number", minimum: 0, default: 0.01, description: "Gain of the error (K_p)" },
      integral: {
        type: "number",
        exclusiveMinimum: 0,
        default: 0.0001,
        description: "Gain of the sum of errors (K_i)",
      },
      minimum: { type: "number", minimum: 0, default: 0, description: "Least beta" },
      maximum: { type: "number", exclusiveMinimum: 0, default: 1, description: "Largest beta" },
      ...DRAWS,
    },
  },
  formula:
    "loss = E_x[distortion] + beta E_x[rate], e = C - E_x[rate]\nbeta = minimum + K_p / (1 + exp(e)) - K_i sum of e, within its limits",
  source: "Shao et al. 2020, algorithm 1",
  resolve: (fields) => withinLimits(fields),
  requires: () => RATED,
  create: ({ target, samples, ...gains }, { parameters }) => {
    const sum = parameters("sum", [], zeros, { trainable: false });
    const phase = elboPhase({
      name: "control-vae",
      samples,
      figures: { beta: { unit: "" } },
      weightsOf: () => ratedAt(tf.scalar(1)),
      weigh: (step, { distortion, rate }) => {
        const error = tf.sub<Scalar>(step.scalar(target), stopGradient(rate));
        const next = controlled(error, sum.value as Scalar, gains);
        sum.assign(next.sum);
        const penalty = tf.add<Scalar>(distortion, tf.mul(gains.maximum, tf.abs(error)));
        const weighted = tf.add<Scalar>(distortion, tf.mul(next.beta, rate));
        return { loss: tf.add(stopGradient(penalty), gradientAlone(weighted)), terms: { beta: next.beta } };
      },
    });
    return { phases: [phase] };
  },
});
