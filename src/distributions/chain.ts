/** Maps one after the other. */
import type { Mapped } from "../contracts/bijection.js";
import { type Tensor, tf } from "../tensor/tensor.js";

/** The value after all of the maps, and the sum of their log-determinants. */
export const chain = (maps: readonly ((x: Tensor) => Mapped)[], x: Tensor): Mapped =>
  maps.reduce<Mapped>(
    ({ value, logDet }, map) => {
      const next = map(value);
      return { value: next.value, logDet: tf.add(logDet, next.logDet) };
    },
    { value: x, logDet: tf.zeros([]) },
  );
