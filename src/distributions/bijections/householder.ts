/**
 * A reflection at the hyperplane orthogonal to v: f(z) = z - 2 v (v·z) / |v|². It keeps volumes and is its own inverse. After a diagonal
 * Gaussian, K of them turn the axes and so give a full covariance. With features, v is a linear function of them.
 */
import { amortized } from "../../nn/amortized.js";
import { defineBijection } from "../../spec/define.js";
import { sizeOf } from "../../tensor/fields.js";
import { normalWith } from "../../tensor/initializers.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { overVectors } from "../over-vectors.js";

export const householder = defineBijection({
  schema: {
    type: "object",
    title: "Householder reflection",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "householder" } },
  },
  formula: "f(z) = z - 2 v (v·z) / |v|²",
  source: "Tomczak & Welling 2016, equations 10 and 11",
  capabilities: () => ["invertible"],
  create: (_, { shape, features, parameters }) => {
    const normal = amortized(parameters.scope("v"), sizeOf(shape), normalWith(0, 1), features);
    return {
      at: ({ features: values }) => {
        const v = normal(values);
        const scale = tf.div(2, tf.sum(tf.square(v), -1, true));
        const reflect = (x: Tensor) => {
          const along = tf.mul(tf.sum(tf.mul(x, v), -1, true), scale);
          return { value: tf.sub(x, tf.mul(along, v)), logDet: tf.zeros([]) };
        };
        return overVectors(shape, { forward: reflect, inverse: reflect });
      },
    };
  },
});
