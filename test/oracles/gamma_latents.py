"""Gamma distributions over latents: divergences, entropies, and how draws at fixed quantiles move with the concentration.

python test/oracles/gamma_latents.py    (numpy 2.4.6, scipy 1.17.1, mpmath 1.3.0)
Writes test/fixtures/gamma-latents.json. Parameters are float32 numbers: ln of the mean and ln of the concentration.
"""
import json
from pathlib import Path

import mpmath as mp
import numpy as np
from scipy import integrate, special, stats

mp.mp.dps = 30
single = lambda x: np.asarray(x, np.float32).astype(float)


def frozen(log_mean, log_concentration):
    k = np.exp(log_concentration)
    return stats.gamma(k, scale=np.exp(log_mean) / k)


def kl(q, p):
    """The integral of q ln q / p over ln x, between quantiles of q."""
    edges = np.log([q.ppf(level) for level in (1e-14, 1e-6, 0.05, 0.5, 0.95)] + [q.isf(1e-6), q.isf(1e-15)])
    integrand = lambda h: np.exp(q.logpdf(np.exp(h)) + h) * (q.logpdf(np.exp(h)) - p.logpdf(np.exp(h)))
    return sum(integrate.quad(integrand, a, b, epsabs=1e-12, epsrel=1e-12, limit=200)[0] for a, b in zip(edges, edges[1:]))


pairs = [dict(q=[*q], p=[*p], kl=kl(frozen(*q), frozen(*p)), entropy=frozen(*q).entropy())
         for q, p in single([((0, 0), (0, 0)), ((0.5, -1), (-0.3, 0.7)), ((-1, 1.5), (1, -0.5)), ((2, 6), (2.01, 5.5)), ((0, 9), (0.002, 9.1)),
                             ((-2, -0.7), (1, 2))])]


def slope(a, h):
    """-dF/da / p of h = ln g."""
    below = lambda k: mp.gammainc(k, 0, mp.exp(h), regularized=True)
    return -mp.diff(below, a, h=mp.mpf(10) ** -10 * a) / mp.exp(a * h - mp.exp(h) - mp.loggamma(a))


levels = [1e-6, 0.01, 0.3, 0.5, 0.8, 0.99, 1 - 1e-6]
slopes = []
for a in single([1, 1.3, 2, 5, 30, 400]):
    h = single(np.log(special.gammaincinv(a, levels)))
    slopes.append(dict(concentration=a, logDraw=h, slope=[float(slope(mp.mpf(a), mp.mpf(each))) for each in h]))

x = single([0.01, 0.2, 0.9, 1, 2.5, 3, 10, 1e3, 1e6])
fixture = dict(pairs=pairs, slopes=slopes, deficit=dict(x=x, value=[float(mp.log(each) - mp.digamma(each)) for each in x]))
path = Path(__file__).parent.parent / "fixtures" / "gamma-latents.json"
path.write_text(json.dumps(fixture, default=lambda array: array.tolist(), indent=1) + "\n")
