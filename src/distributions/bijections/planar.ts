/**
 * f(z) = z + u tanh(w·z + b), where u is moved along w so that w·u > -1 and f is invertible (Rezende & Mohamed 2015, appendix A.1):
 *
 *     û = u + [softplus(w·u) - 1 - w·u] w / |w|²,   ln det = ln(1 + (1 - tanh²(w·z + b)) w·û)
 *
 * The inverse has no closed form. With features, w, u and b are linear functions of them.
 */
import { amortized } from "../../nn/amortized.js";
import { defineBijection } from "../../spec/define.js";
import { sizeOf } from "../../tensor/fields.js";
import { normalWith, zeros } from "../../tensor/initializers.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { overVectors } from "../over-vectors.js";

/** [..., D] → [..., 1]. */
const dot = (a: Tensor, b: Tensor): Tensor => tf.sum(tf.mul(a, b), -1, true);
/** Keeps the division by |w|² finite. */
const SMALLEST = 1e-12;

export const planar = defineBijection({
  schema: {
    type: "object",
    title: "planar flow",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "planar" } },
  },
  formula: "f(z) = z + u tanh(w·z + b)",
  source: "Rezende & Mohamed 2015, equations 10 to 12 and appendix A.1",
  create: (_, { shape, features, parameters }) => {
    const size = sizeOf(shape);
    const direction = amortized(parameters.scope("w"), size, normalWith(0, 0.1), features);
    const step = amortized(parameters.scope("u"), size, normalWith(0, 0.1), features);
    const offset = amortized(parameters.scope("b"), 1, zeros, features);
    return {
      at: ({ features: values }) => {
        const [w, u, b] = [direction(values), step(values), offset(values)];
        const along = dot(w, u);
        const lengthening = tf.sub(tf.sub(tf.softplus(along), 1), along);
        const bounded = tf.add(u, tf.mul(tf.div(lengthening, tf.add(dot(w, w), SMALLEST)), w));
        const slope = dot(w, bounded);
        return overVectors(shape, {
          forward: (x) => {
            const h = tf.tanh(tf.add(dot(x, w), b));
            const logDet = tf.log1p(tf.mul(tf.sub(1, tf.square(h)), slope));
            return { value: tf.add(x, tf.mul(h, bounded)), logDet: tf.squeeze(logDet, [-1]) };
          },
        });
      },
    };
  },
});
