/**
 * Generalized ELBO with constrained optimization (GECO): the least rate at which the distortion stays within a tolerance, in nats per
 * example. With the constraint C = E_x [ distortion ] - tolerance and a multiplier l, a step descends the Lagrangian, and then moves l:
 *
 *     rate + l C,    a <- decay a + (1 - decay) C,    l <- l exp(speed a), within [minimum, maximum]
 *
 * The loss that is logged, and that chooses the checkpoint, is the exact penalty rate + maximum max(C, 0): its minimum is that of the
 * constrained problem if the multiplier there is below the maximum, while Lagrangians at two values of l do not compare.
 *
 * l depends on what steps measure. A schedule does not: it is a curve that the host feeds. So l is a statistic of the objective, which
 * checkpoints keep as they keep those of normalization layers.
 */
import { defineObjective } from "../spec/define.js";
import { constant, zeros } from "../tensor/initializers.js";
import { gradientAlone, type Scalar, stopGradient, tf } from "../tensor/tensor.js";
import { DRAWS, RATED, withinLimits } from "./controlled-weight.js";
import { elboPhase } from "./elbo-phase.js";

export const geco = defineObjective({
  schema: {
    type: "object",
    title: "ELBO under a constraint on the distortion",
    description: "Minimizes the rate while a multiplier, moved by each step, keeps the distortion within a tolerance.",
    required: ["type", "tolerance"],
    additionalProperties: false,
    properties: {
      type: { const: "geco" },
      tolerance: { type: "number", description: "Largest mean distortion, in nats per example" },
      decay: {
        type: "number",
        minimum: 0,
        exclusiveMaximum: 1,
        default: 0.99,
        description: "What the moving average of the constraint keeps in a step",
      },
      speed: {
        type: "number",
        exclusiveMinimum: 0,
        default: 0.0001,
        description: "Growth of the logarithm of the multiplier in a step, for each nat beyond the tolerance",
      },
      minimum: { type: "number", exclusiveMinimum: 0, default: 0.01, description: "Least multiplier" },
      maximum: { type: "number", exclusiveMinimum: 0, default: 100, description: "Largest multiplier" },
      ...DRAWS,
    },
  },
  formula:
    "minimize E_x[rate] subject to C <= 0, C = E_x[distortion] - tolerance\nstep: rate + l C, then l <- l exp(speed a), a the moving average of C",
  source: "Rezende & Viola 2018, algorithm 1",
  resolve: (fields) => withinLimits(fields),
  requires: () => RATED,
  create: ({ tolerance, decay, speed, minimum, maximum, samples }, { parameters }) => {
    const begin = Math.min(Math.max(1, minimum), maximum);
    const multiplier = parameters("multiplier", [], constant(begin), { trainable: false });
    const average = parameters("constraint", [], zeros, { trainable: false });
    const phase = elboPhase({
      name: "geco",
      samples,
      figures: { multiplier: { unit: "" } },
      weightsOf: () => ({ distortion: multiplier.value as Scalar, rate: tf.scalar(1) }),
      weigh: (_, { distortion, rate }) => {
        const weight = multiplier.value as Scalar;
        const constraint = tf.sub<Scalar>(distortion, tolerance);
        const penalty = tf.add<Scalar>(rate, tf.mul(maximum, tf.relu(constraint)));
        const lagrangian = tf.add<Scalar>(rate, tf.mul(weight, constraint));
        const moved = tf.add(tf.mul(average.value, decay), tf.mul(stopGradient(constraint), 1 - decay));
        average.assign(moved);
        multiplier.assign(tf.clipByValue(tf.mul(weight, tf.exp(tf.mul(moved, speed))), minimum, maximum));
        return {
          loss: tf.add(stopGradient(penalty), gradientAlone(lagrangian)),
          terms: { constraint, multiplier: weight },
        };
      },
    });
    return { phases: [phase] };
  },
});
