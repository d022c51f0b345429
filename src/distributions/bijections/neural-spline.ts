/**
 * Rational-quadratic spline couplings. In each, half of the dimensions (the even ones, then the odd ones, in turn) moves along monotone
 * splines that depend on the other half, which stays as it is. Beyond the bound all dimensions stay, so that tails are linear.
 */
import { FLOW_NETWORK, flowNetworkTo } from "../../nn/index.js";
import { defineBijection } from "../../spec/define.js";
import { sizeOf } from "../../tensor/fields.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { coupled, movedBy } from "../couplings.js";
import { splineForward, splineInverse, splineOf } from "../rational-quadratic.js";

export const neuralSpline = defineBijection({
  schema: {
    type: "object",
    title: "neural spline flow: rational-quadratic couplings",
    description:
      "Bends each dimension at several knots, where an affine coupling scales it. Scores and draws in one pass.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "neural-spline" },
      couplings: { type: "integer", minimum: 1, default: 2, description: "Couplings; two move every dimension once" },
      bins: { type: "integer", minimum: 2, maximum: 100, default: 8, description: "Bins K of each spline" },
      bound: {
        type: "number",
        exclusiveMinimum: 0,
        default: 5,
        description: "Bound B: values beyond -B and B stay as they are",
      },
      ...FLOW_NETWORK,
    },
  },
  formula:
    "y_b = y_k + h [t^2 + a t (1 - t)] / [1 + (a + b - 2) t (1 - t)], t = (x_b - x_k) / w, a = d_k w / h, b = d_{k+1} w / h, all of x_a; y_a = x_a",
  source: "Durkan et al. 2019, equations 4 to 8",
  capabilities: () => ["invertible"],
  create: ({ couplings, bins, bound, hidden, activation }, { shape, features, parameters }) => {
    const size = sizeOf(shape);
    const heads = { widths: size * bins, heights: size * bins, slopes: size * (bins - 1) };
    const networks = Array.from({ length: couplings }, (_, i) =>
      flowNetworkTo(parameters.scope(`coupling-${i}`), size, heads, { hidden, activation, features }),
    );
    return {
      at: ({ features: values }) => {
        const steps = networks.map((read, i) => {
          const network = read(values);
          const along = (map: typeof splineForward) => (x: Tensor) => {
            const moved = movedBy(i, size);
            const raw = network(tf.mul(x, tf.sub(1, moved)));
            const each = (head: Tensor): Tensor => tf.reshape(head, [...x.shape, head.shape.at(-1)! / size]);
            const [widths, heights, slopes] = [each(raw.widths), each(raw.heights), each(raw.slopes)];
            const spline = splineOf(bound, { widths, heights, slopes });
            const { value, logSlope } = map(spline, x);
            return {
              value: tf.where(tf.cast(moved, "bool"), value, x),
              logDet: tf.sum(tf.mul(logSlope, moved), -1),
            };
          };
          return { forward: along(splineForward), inverse: along(splineInverse) };
        });
        return coupled(shape, steps);
      },
    };
  },
});
