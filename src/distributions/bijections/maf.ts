/**
 * Masked autoregressive flow: x_d = u_d exp(s_d) + m_d, where m_d and s_d are functions of x_1, ..., x_{d-1}. Scoring a value takes one
 * pass through the network, a draw takes D. Linear, it gives every Gaussian: x = L u + m with L lower triangular.
 */
import { FLOW_NETWORK, inOrder, made } from "../../nn/index.js";
import { defineBijection } from "../../spec/define.js";
import { sizeOf } from "../../tensor/fields.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { orderedBy, REVERSE } from "../order.js";
import { overVectors } from "../over-vectors.js";

export const maf = defineBijection({
  schema: {
    type: "object",
    title: "masked autoregressive flow",
    description: "Scores in one pass and draws in as many as there are dimensions: suits priors.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "maf" }, ...REVERSE, ...FLOW_NETWORK },
  },
  formula: "x_d = u_d exp(s_d(x_<d)) + m_d(x_<d)",
  source: "Papamakarios, Pavlakou & Murray 2017, equations 3 to 5",
  capabilities: () => ["invertible"],
  create: ({ reverse, hidden, activation }, { shape, features, parameters }) => {
    const read = made(parameters, sizeOf(shape), { hidden, activation, features });
    return {
      at: ({ features: values }) => {
        const network = read(values);
        return overVectors(
          shape,
          orderedBy(reverse, {
            forward: (u) => {
              const { value, scale } = inOrder(network, u, (parts, target) =>
                tf.add(tf.mul(target, tf.exp(parts.scale)), parts.shift),
              );
              return { value, logDet: tf.sum(scale, -1) };
            },
            inverse: (x: Tensor) => {
              const { shift, scale } = network(x);
              return { value: tf.mul(tf.sub(x, shift), tf.exp(tf.neg(scale))), logDet: tf.neg(tf.sum(scale, -1)) };
            },
          }),
        );
      },
    };
  },
});
