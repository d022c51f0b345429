/** The table of Kullback-Leibler divergences in closed form: a row for each pair of families that has one. */
import type { ClosedFormKl, Distribution } from "../contracts/distribution.js";
import { sumEvent } from "../tensor/mathematics.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Autoregressive } from "./autoregressive.js";
import type { Bernoulli } from "./bernoulli.js";
import type { Categorical } from "./categorical.js";
import type { DiagonalGaussian } from "./diagonal-gaussian.js";
import type { FullGaussian } from "./full-gaussian.js";
import type { Gamma } from "./gamma.js";
import type { Laplace } from "./laplace.js";
import type { Quantized } from "./quantized.js";
import type { PowerSpherical } from "./sphere/power-spherical.js";
import type { VonMisesFisher } from "./sphere/von-mises-fisher.js";

interface KlRow {
  /** Families of q and p. */
  q: string;
  p: string;
  formula: string;
  source: string;
  /** By event element where `elements` is set, else summed over the event. */
  compute(q: never, p: never): Tensor;
  elements?: true;
  /** p is over codes that the values of q stand for. */
  overCodes?: true;
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
    q: "full-gaussian",
    p: "full-gaussian",
    formula: "1/2 [tr(S_p^-1 S_q) + (m_q - m_p)' S_p^-1 (m_q - m_p) - D + ln |S_p| / |S_q|]",
    source: "Kullback 1959, chapter 9",
    compute: (q: FullGaussian, p: FullGaussian) => q.kl(p),
  },
  {
    q: "full-gaussian",
    p: "diagonal-gaussian",
    formula: "1/2 [sum_d (S_q,dd + (m_q - m_p)_d^2) exp(-l_p,d) - D + sum_d l_p,d - ln |S_q|]",
    source: "Kullback 1959, chapter 9",
    compute: (q: FullGaussian, p: DiagonalGaussian) => q.klToDiagonal(p),
  },
  {
    q: "diagonal-gaussian",
    p: "full-gaussian",
    formula: "1/2 [tr(S_p^-1 diag exp(l_q)) + (m_q - m_p)' S_p^-1 (m_q - m_p) - D + ln |S_p| - sum_d l_q,d]",
    source: "Kullback 1959, chapter 9",
    compute: (q: DiagonalGaussian, p: FullGaussian) => p.klFromDiagonal(q),
  },
  {
    q: "laplace",
    p: "laplace",
    formula: "sum_d [d / s_p + exp(r - d / s_q) - 1 - r], d = |m_q - m_p|, r = ln s_q / s_p",
    source: "Gil, Alajaji & Linder 2013",
    elements: true,
    compute: (q: Laplace, p: Laplace) => q.klElements(p),
  },
  {
    q: "gamma",
    p: "gamma",
    formula:
      "sum_d [(k_q - k_p) digamma(k_q) - ln Gamma(k_q) / Gamma(k_p) + k_p ln b_q / b_p + k_q (b_p - b_q) / b_q], b the rates",
    source: "Gil, Alajaji & Linder 2013",
    elements: true,
    compute: (q: Gamma, p: Gamma) => q.klElements(p),
  },
  {
    q: "von-mises-fisher",
    p: "hypersphere-uniform",
    formula: "k A(k) - ln 0F1(D / 2; k^2 / 4), A(k) = I_{D/2}(k) / I_{D/2-1}(k)",
    source: "Davidson et al. 2018, section 3.2",
    compute: (q: VonMisesFisher) => q.klToUniform(),
  },
  {
    q: "power-spherical",
    p: "hypersphere-uniform",
    formula: "k [digamma(b + k) - digamma(2 b + k)] - ln B(b + k, b) / B(b, b), b = (D - 1) / 2",
    source: "De Cao & Aziz 2020, section 2",
    compute: (q: PowerSpherical) => q.klToUniform(),
  },
  {
    q: "categorical",
    p: "categorical",
    formula: "sum_k q_k (ln q_k - ln p_k)",
    source: "Kullback & Leibler 1951",
    compute: (q: Categorical, p: Categorical) => q.kl(p),
  },
  {
    q: "bernoulli",
    p: "bernoulli",
    formula: "sum_d [sigmoid(l_q) (l_q - l_p) - softplus(l_q) + softplus(l_p)], l the logits",
    source: "Kullback & Leibler 1951",
    elements: true,
    compute: (q: Bernoulli, p: Bernoulli) => q.klElements(p),
  },
  {
    q: "quantized",
    p: "categorical",
    formula: "-sum_l ln p_l(k_l), k the codes",
    source: "van den Oord, Vinyals & Kavukcuoglu 2017, section 3.1",
    overCodes: true,
    compute: (q: Quantized, p: Categorical) => q.kl(p),
  },
  {
    q: "quantized",
    p: "autoregressive",
    formula: "-sum_l ln p(k_l | k_1, ..., k_(l-1)), k the codes",
    source: "van den Oord, Vinyals & Kavukcuoglu 2017, section 3.3",
    overCodes: true,
    compute: (q: Quantized, p: Autoregressive) => q.kl(p),
  },
];

/** KL(q || p) in closed form: the distribution's own `klTo`, else the table; undefined if neither knows the pair. */
export const closedFormKl = (q: Distribution, p: Distribution): ClosedFormKl | undefined => {
  const own = q.klTo?.(p);
  if (own) return own;
  if (q.family === undefined) return undefined;
  const row = klPairs.find((each) => each.q === q.family && each.p === p.family);
  if (!row || (!row.overCodes && q.eventShape.length !== p.eventShape.length)) return undefined;
  const compute = (): Tensor => row.compute(q as never, p as never);
  if (!row.elements) return { total: compute };
  return { elements: compute, total: () => sumEvent(compute(), q.eventShape.length) };
};
