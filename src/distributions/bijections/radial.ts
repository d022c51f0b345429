/**
 * Contracts or expands around a point c, with r = |z - c|:
 *
 *     f(z) = z + β (z - c) / (α + r),   ln det = (D - 1) ln(1 + β / (α + r)) + ln(1 + α β / (α + r)²)
 *
 * α = softplus(a), and β = softplus(b) - α > -α makes it invertible (Rezende & Mohamed 2015, appendix A.2). With R = |f(z) - c|, r is
 * the positive root of r² + (α + β - R) r - α R = 0. With features, a, b and c are linear functions of them.
 */
import { amortized } from "../../nn/amortized.js";
import { defineBijection } from "../../spec/define.js";
import { sizeOf } from "../../tensor/fields.js";
import { constant, normalWith } from "../../tensor/initializers.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { overVectors } from "../over-vectors.js";

/** The inverse of softplus at 1: α and softplus(b) begin at 1, and f as the identity. */
const UNIT = Math.log(Math.E - 1);
/** Added to r², whose root has no derivative at 0. */
const NEAREST = 1e-12;

/** [..., D] → [..., 1]. */
const length = (x: Tensor): Tensor => tf.sqrt(tf.add(tf.sum(tf.square(x), -1, true), NEAREST));

export const radial = defineBijection({
  schema: {
    type: "object",
    title: "radial flow",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "radial" } },
  },
  formula: "f(z) = z + β (z - c) / (α + |z - c|)",
  source: "Rezende & Mohamed 2015, equation 14 and appendix A.2; the inverse solves a quadratic equation",
  capabilities: () => ["invertible"],
  create: (_, { shape, features, parameters }) => {
    const size = sizeOf(shape);
    const center = amortized(parameters.scope("center"), size, normalWith(0, 0.1), features);
    const width = amortized(parameters.scope("alpha"), 1, constant(UNIT), features);
    const strength = amortized(parameters.scope("beta"), 1, constant(UNIT), features);
    return {
      at: ({ features: values }) => {
        const c = center(values);
        const alpha = tf.softplus(width(values));
        const lifted = tf.softplus(strength(values));
        const beta = tf.sub(lifted, alpha);
        /** ln det of f where |z - c| = r. */
        const logDet = (r: Tensor): Tensor => {
          const h = tf.div(beta, tf.add(alpha, r));
          const inward = tf.log1p(tf.div(tf.mul(alpha, h), tf.add(alpha, r)));
          return tf.squeeze(tf.add(tf.mul(tf.log1p(h), size - 1), inward), [-1]);
        };
        return overVectors(shape, {
          forward: (x) => {
            const away = tf.sub(x, c);
            const r = length(away);
            return { value: tf.add(x, tf.mul(tf.div(beta, tf.add(alpha, r)), away)), logDet: logDet(r) };
          },
          inverse: (y) => {
            const away = tf.sub(y, c);
            const distance = length(away);
            const half = tf.sub(distance, lifted);
            // The root of the larger magnitude; the other follows from their product, without cancellation.
            const product = tf.mul(alpha, distance);
            const root = tf.div(tf.add(tf.sqrt(tf.add(tf.square(half), tf.mul(product, 4))), tf.abs(half)), 2);
            const r = tf.where(tf.greater(half, 0), root, tf.div(product, root));
            const value = tf.add(c, tf.mul(tf.div(tf.add(alpha, r), tf.add(lifted, r)), away));
            return { value, logDet: tf.neg(logDet(r)) };
          },
        });
      },
    };
  },
});
