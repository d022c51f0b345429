/** The order of dimensions between autoregressive layers. */
import type { Mapped, Transform } from "../contracts/bijection.js";
import { tf } from "../tensor/tensor.js";

/** Field of a schema. */
export const REVERSE = {
  reverse: {
    type: "boolean",
    default: true,
    description: "Whether the order of the output's dimensions is reversed, so that the next layer sees another one",
  },
} as const;

/** @param transform of [..., D]. @returns the same, with the last axis of its output reversed on request */
export const orderedBy = (reverse: boolean, transform: Transform): Transform => {
  const { forward, inverse } = transform;
  if (!reverse) return transform;
  return {
    forward: (x) => {
      const { value, logDet }: Mapped = forward(x);
      return { value: tf.reverse(value, value.rank - 1), logDet };
    },
    ...(inverse && { inverse: (y) => inverse(tf.reverse(y, y.rank - 1)) }),
  };
};
