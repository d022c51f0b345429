/**
 * The squared sliced 2-Wasserstein distance between the codes z_i of a batch, one draw an example, and as many draws p_i from the prior:
 *
 *     1/L sum_l 1/n sum_i (a_(i) - b_(i))^2,   a = theta_l z, b = theta_l p, each in ascending order
 *
 * with L directions theta_l, uniform on the unit sphere and drawn anew at each step. In one dimension the sorted values are the optimal
 * transport. With the objective `elbo` at beta 0 this is the sliced-Wasserstein autoencoder.
 */
import { normalized } from "../../distributions/sphere/geometry.js";
import { defineRegularizer } from "../../spec/define.js";
import { sortedRows } from "../../tensor/sorting.js";
import { type Scalar, type Tensor, tf } from "../../tensor/tensor.js";
import { codesOf, hasPairs, MOVES_DRAWS, priorDraws } from "./codes.js";
import { WEIGHT } from "./weight.js";

const NAME = "sliced-wasserstein";

/** @param x, y [n, D]. @param directions unit vectors, [L, D] */
export const slicedDistance = (x: Tensor, y: Tensor, directions: Tensor): Scalar => {
  const sorted = (rows: Tensor): Tensor => sortedRows(tf.matMul(directions as never, rows as never, false, true));
  return tf.mean(tf.square(tf.sub(sorted(x), sorted(y))));
};

export const slicedWasserstein = defineRegularizer({
  schema: {
    type: "object",
    title: "sliced Wasserstein distance between the codes and the prior",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: NAME },
      weight: WEIGHT,
      projections: { type: "integer", minimum: 1, default: 50, description: "Random directions per step" },
    },
  },
  formula: "1/L sum_l 1/n sum_i (sort(theta_l z)_i - sort(theta_l p)_i)^2, p_i ~ p(z), theta_l uniform on the sphere",
  source: "Kolouri et al. 2019, eq. 14 and algorithm 1",
  capabilities: () => ["matches"],
  requires: () => [MOVES_DRAWS],
  create: ({ weight, projections }) => ({
    weight,
    matchesPrior: true,
    penalty: (step) => {
      if (!hasPairs(NAME, step)) return tf.scalar(0);
      const codes = codesOf(step);
      const directions = step.call(`${NAME}/directions`).noise.normal("direction", [projections, codes.shape[1]!]);
      return slicedDistance(codes, priorDraws(step, NAME), normalized(directions));
    },
  }),
});
