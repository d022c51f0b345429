/** The table of Kullback-Leibler divergences in closed form: a row for each pair of families that has one. */
import type { ClosedFormKl, Distribution } from "../contracts/distribution.js";
import { sumEvent } from "../tensor/mathematics.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Categorical } from "./categorical.js";
import type { DiagonalGaussian } from "./diagonal-gaussian.js";

interface KlRow {
  /** Families of q and p. */
  q: string;
  p: string;
  formula: string;
  source: string;
  /** By event element where `elements` is set, else summed over the event. */
  compute(q: never, p: never): Tensor;
  elements?: true;
}

/** Pairs of families with a closed-form KL(q || p). */
export const klPairs: readonly KlRow[] = [
  {
    q: "diagonal-gaussian",
    p: "diagonal-gaussian",
    formula: "1/2 sum_d [exp(l_q - l_p) - 1 - (l_q - l_p) + (m_q - m_p)^2 exp(-l_p)]",
    source: "Kingma & Welling 2014, appendix B",
    elements: true,
    compute: (q: DiagonalGaussian, p: DiagonalGaussian) => q.klElements(p),
  },
  {
    q: "categorical",
    p: "categorical",
    formula: "sum_k q_k (ln q_k - ln p_k)",
    source: "Kullback & Leibler 1951",
    compute: (q: Categorical, p: Categorical) => q.kl(p),
  },
];

/** KL(q || p) in closed form: the distribution's own `klTo`, else the table; undefined if neither knows the pair. */
export const closedFormKl = (q: Distribution, p: Distribution): ClosedFormKl | undefined => {
  const own = q.klTo?.(p);
  if (own) return own;
  if (q.family === undefined || q.eventShape.length !== p.eventShape.length) return undefined;
  const row = klPairs.find((each) => each.q === q.family && each.p === p.family);
  if (!row) return undefined;
  const compute = (): Tensor => row.compute(q as never, p as never);
  if (!row.elements) return { total: compute };
  return { elements: compute, total: () => sumEvent(compute(), q.eventShape.length) };
};
