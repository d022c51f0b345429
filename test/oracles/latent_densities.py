"""Densities over latents, their divergences and special functions, in float64 by SciPy.

python test/oracles/latent_densities.py    (numpy 2.4.6, scipy 1.17.1)
Writes test/fixtures/latent-densities.json. Parameters and values are float32 numbers, so that the inputs of both sides are the same.
"""
import json
from pathlib import Path

import numpy as np
from scipy import integrate, stats

random = np.random.default_rng(0)
single = lambda x: np.asarray(x, np.float32).astype(float)
draw = lambda *shape: single(np.round(random.normal(size=shape), 3))


def gaussian_kl(m0, s0, m1, s1):
    """1/2 [tr(S1^-1 S0) + d' S1^-1 d - D + ln |S1| / |S0|]."""
    inverse, d = np.linalg.inv(s1), m1 - m0
    log_ratio = np.linalg.slogdet(s1)[1] - np.linalg.slogdet(s0)[1]
    return (np.trace(inverse @ s0) + d @ inverse @ d - len(m0) + log_ratio) / 2


def full_gaussian():
    """Three Gaussians over five correlated elements, one of them far from round, at four points each; and another one."""
    def gaussians(n):
        log_scales, below = draw(n, 5), np.tril(draw(n, 5, 5), -1)
        return draw(n, 5), log_scales, below, [b + np.diag(np.exp(l)) for b, l in zip(below, log_scales)]

    mean, log_scales, below, factors = gaussians(3)
    log_scales[2], below[2] = single([-2, 1.5, -1, 0, 1]), single(3 * below[2])
    factors[2] = below[2] + np.diag(np.exp(log_scales[2]))
    (other_mean,), (other_log_scales,), (other_below,), (other_factor,) = gaussians(1)
    log_variance = 2 * draw(3, 5)
    # Within the mass of each: its own draws, which are float32 numbers afterwards.
    value = single([mean + np.einsum("nij,nj->ni", factors, draw(3, 5)) for _ in range(4)])
    covariances, other = [f @ f.T for f in factors], other_factor @ other_factor.T
    diagonals = [np.diag(np.exp(l)) for l in log_variance]
    each = range(3)
    return dict(
        mean=mean, logScales=log_scales, below=below, value=value, otherMean=other_mean, otherLogScales=other_log_scales,
        otherBelow=other_below, logVariance=log_variance,
        logProb=[[stats.multivariate_normal.logpdf(x[n], mean[n], covariances[n]) for n in each] for x in value],
        variance=[np.diag(s) for s in covariances],
        kl=[gaussian_kl(mean[n], covariances[n], other_mean, other) for n in each],
        klToDiagonal=[gaussian_kl(other_mean, other, mean[n], diagonals[n]) for n in each],
        klFromDiagonal=[gaussian_kl(mean[n], diagonals[n], other_mean, other) for n in each])


def laplace_kl():
    """KL(q || p) as the integral of q ln q / p, in pieces between the kinks."""
    rows = []
    for m, l, other_m, other_l in single([(0, 0, 0, 0.5), (0.4, -0.3, -0.5, 0.2), (-2, 1, 1, -1), (3, -2, 2.5, 1), (0.1, 0, 0.1, 0)]):
        q, p = stats.laplace(m, np.exp(l)), stats.laplace(other_m, np.exp(other_l))
        reach = 40 * np.exp(l)
        edges = np.unique([m - reach, m, other_m, m + reach])
        integrand = lambda x: q.pdf(x) * (q.logpdf(x) - p.logpdf(x))
        kl = sum(integrate.quad(integrand, a, b, epsabs=1e-12, epsrel=1e-12, limit=200)[0] for a, b in zip(edges, edges[1:]))
        rows.append(dict(q=[m, l], p=[other_m, other_l], kl=kl))
    return rows


fixture = dict(fullGaussian=full_gaussian(), laplaceKl=laplace_kl())
path = Path(__file__).parent.parent / "fixtures" / "latent-densities.json"
path.write_text(json.dumps(fixture, default=lambda array: array.tolist(), indent=1) + "\n")
