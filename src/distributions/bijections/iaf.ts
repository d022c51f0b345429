/**
 * Inverse autoregressive flow with gates: y_d = g_d x_d + (1 - g_d) m_d, where m_d and g_d = sigmoid(s_d + 2) are functions of
 * x_1, ..., x_{d-1}; ln det = sum ln g_d. A draw takes one pass through the network, scoring another value takes D.
 */
import { FLOW_NETWORK, inOrder, made, type ShiftAndScale } from "../../nn/index.js";
import { defineBijection } from "../../spec/define.js";
import { sizeOf } from "../../tensor/fields.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { orderedBy, REVERSE } from "../order.js";
import { overVectors } from "../over-vectors.js";

/** Gates begin at 0.88, so that an untrained layer keeps most of its input. */
const OPEN = 2;
/** ln sigmoid(s + 2). */
const logGate = (scale: Tensor): Tensor => tf.neg(tf.softplus(tf.neg(tf.add(scale, OPEN))));

export const iaf = defineBijection({
  schema: {
    type: "object",
    title: "inverse autoregressive flow",
    description: "Draws in one pass and scores other values in as many as there are dimensions: suits posteriors.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "iaf" }, ...REVERSE, ...FLOW_NETWORK },
  },
  formula: "y_d = g_d x_d + (1 - g_d) m_d, g_d = sigmoid(s_d(x_<d) + 2), m_d = m_d(x_<d)",
  source: "Kingma et al. 2016, equations 11 to 14",
  capabilities: () => ["invertible"],
  create: ({ reverse, hidden, activation }, { shape, features, parameters }) => {
    const read = made(parameters, sizeOf(shape), { hidden, activation, features });
    /** (1 - g) m. */
    const added = ({ shift, scale }: ShiftAndScale): Tensor => tf.mul(tf.sigmoid(tf.neg(tf.add(scale, OPEN))), shift);
    return {
      at: ({ features: values }) => {
        const network = read(values);
        return overVectors(
          shape,
          orderedBy(reverse, {
            forward: (x) => {
              const parts = network(x);
              const log = logGate(parts.scale);
              return { value: tf.add(tf.mul(tf.exp(log), x), added(parts)), logDet: tf.sum(log, -1) };
            },
            inverse: (y) => {
              const { value, scale } = inOrder(network, y, (parts, target) =>
                tf.mul(tf.sub(target, added(parts)), tf.exp(tf.neg(logGate(parts.scale)))),
              );
              return { value, logDet: tf.neg(tf.sum(logGate(scale), -1)) };
            },
          }),
        );
      },
    };
  },
});
