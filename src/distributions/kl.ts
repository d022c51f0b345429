/** Kullback-Leibler divergences in closed form, for the pairs that have one. */
import type { Distribution } from "../contracts/distribution.js";
import type { Tensor } from "../tensor/tensor.js";
import { DiagonalGaussian } from "./diagonal-gaussian.js";

/**
 * A function that computes KL(q || p) by event element, [...batch, ...event], in nats; undefined if no closed form is known.
 * Nothing is computed until the function is called.
 */
export const closedFormKl = (q: Distribution, p: Distribution): (() => Tensor) | undefined =>
  q instanceof DiagonalGaussian && p instanceof DiagonalGaussian && q.eventShape.length === p.eventShape.length
    ? () => q.klElements(p)
    : undefined;
