/** Kullback-Leibler divergences in closed form, for the pairs that have one. */
import type { Distribution } from "../contracts/distribution.js";
import type { Tensor } from "../tensor/tensor.js";
import { DiagonalGaussian } from "./diagonal-gaussian.js";

/**
 * How to compute KL(q || p) by event element, [...batch, ...event], in nats; undefined where no closed form is known.
 * Nothing is computed until it is called, so a site can say which kind of KL it has for nothing.
 */
export const closedFormKl = (q: Distribution, p: Distribution): (() => Tensor) | undefined =>
  q instanceof DiagonalGaussian && p instanceof DiagonalGaussian && q.eventShape.length === p.eventShape.length
    ? () => q.klElements(p)
    : undefined;
