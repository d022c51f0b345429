/**
 * Affine coupling layers. In each, half of the dimensions (the even ones, then the odd ones, in turn) is scaled and shifted by functions
 * of the other half, which stays as it is:
 *
 *     y = x exp(s) + t,   ln det = sum s,   s = tanh(...) in (-1, 1)
 */
import { FLOW_NETWORK, flowNetwork } from "../../nn/index.js";
import { defineBijection } from "../../spec/define.js";
import { sizeOf } from "../../tensor/fields.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { coupled, movedBy } from "../couplings.js";

export const realNvp = defineBijection({
  schema: {
    type: "object",
    title: "Real-NVP: affine coupling layers",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "real-nvp" },
      couplings: { type: "integer", minimum: 1, default: 2, description: "Couplings; two move every dimension once" },
      ...FLOW_NETWORK,
    },
  },
  formula: "y_b = x_b exp(s(x_a)) + t(x_a), y_a = x_a",
  source: "Dinh, Sohl-Dickstein & Bengio 2017, equations 4 to 8",
  capabilities: () => ["invertible"],
  create: ({ couplings, hidden, activation }, { shape, features, parameters }) => {
    const size = sizeOf(shape);
    const networks = Array.from({ length: couplings }, (_, i) =>
      flowNetwork(parameters.scope(`coupling-${i}`), size, { hidden, activation, features }),
    );
    return {
      at: ({ features: values }) => {
        const steps = networks.map((read, i) => {
          const network = read(values);
          /** Parts of an input or an output: the half that stays unchanged determines both. */
          const parts = (x: Tensor) => {
            const moved = movedBy(i, size);
            const { shift, scale } = network(tf.mul(x, tf.sub(1, moved)));
            return { t: tf.mul(shift, moved), s: tf.mul(tf.tanh(scale), moved) };
          };
          return {
            forward: (x: Tensor) => {
              const { t, s } = parts(x);
              return { value: tf.add(tf.mul(x, tf.exp(s)), t), logDet: tf.sum(s, -1) };
            },
            inverse: (y: Tensor) => {
              const { t, s } = parts(y);
              return { value: tf.mul(tf.sub(y, t), tf.exp(tf.neg(s))), logDet: tf.neg(tf.sum(s, -1)) };
            },
          };
        });
        return coupled(shape, steps);
      },
    };
  },
});
