"""Log-probabilities, means and variances of the masses behind likelihoods of categories and counts, in float64 by SciPy.

python test/oracles/discrete_likelihoods.py    (numpy 2.4.6, scipy 1.17.1)
Writes test/fixtures/discrete-likelihoods.json. Parameters are float32 numbers, so that the inputs of both sides are the same.
"""
import json
from pathlib import Path

import numpy as np
from scipy import special, stats

random = np.random.default_rng(0)
single = lambda values: np.asarray(values, np.float32).astype(float)
codes = np.arange


def moments(log_probabilities):
    """Of the codes 0 ... K - 1, along the last axis."""
    p, k = np.exp(log_probabilities), codes(log_probabilities.shape[-1])
    mean = p @ k
    return dict(logProb=log_probabilities, mean=mean, variance=p @ k**2 - mean**2)


def categorical():
    """Five elements of four categories, one of them ruled out."""
    logits = single(3 * random.normal(size=(5, 4)))
    logits[2, 1] = -80
    return dict(logits=logits, **moments(special.log_softmax(logits, axis=-1)))


def ordinal():
    """Differences of a logistic distribution at the thresholds, in the tail that is not near 1."""
    thresholds, locations = single([-1.5, -0.25, 0, 3]), single([-9, -1, -0.1, 0.5, 2, 12])
    edges = np.concatenate([[-np.inf], thresholds, [np.inf]])
    rows = []
    for m in locations:
        low, high = edges[:-1], edges[1:]
        below, above = stats.logistic.cdf(high, m) - stats.logistic.cdf(low, m), stats.logistic.sf(low, m) - stats.logistic.sf(high, m)
        rows.append(np.log(np.where(low > m, above, below)))
    return dict(thresholds=thresholds, locations=locations, **moments(np.array(rows)))


LEVELS = np.array([1e-6, 1e-3, 0.1, 0.35, 0.5, 0.75, 0.9, 0.999, 1 - 1e-6])


def counts(parameters, frozen, extra=(0, 1, 2)):
    """Each parameter set with counts at its quantiles: log-probabilities, and cumulative probabilities to hold draws against."""
    rows = []
    for each in parameters:
        each = single(each)
        p = frozen(*each)
        x = np.unique(np.concatenate([np.clip(p.ppf(LEVELS), 0, None), extra]))
        rows.append(dict(parameters=each, values=x, logProb=p.logpmf(x), cumulative=p.cdf(x), mean=p.mean(), variance=p.var()))
    return rows


negative_binomial = lambda l, t: stats.nbinom(np.exp(t), 1 / (1 + np.exp(l - t)))


class ZeroInflated:
    """0 with probability expit(a), else a negative binomial."""

    def __init__(self, l, t, a):
        self.q, self.lost = negative_binomial(l, t), special.expit(a)
        self.log_lost, self.log_kept = special.log_expit(a), special.log_expit(-a)

    ppf = lambda self, u: self.q.ppf(u)
    cdf = lambda self, x: self.lost + (1 - self.lost) * self.q.cdf(x)
    logpmf = lambda self, x: np.where(x == 0, np.logaddexp(self.log_lost, self.log_kept + self.q.logpmf(0)),
                                      self.log_kept + self.q.logpmf(x))
    mean = lambda self: (1 - self.lost) * self.q.mean()
    var = lambda self: (1 - self.lost) * (self.q.var() + self.lost * self.q.mean() ** 2)


def beta_binomial(n):
    return lambda l, c: stats.betabinom(n, np.exp(c) * special.expit(l), np.exp(c) * special.expit(-l))


fixture = dict(
    categorical=categorical(), ordinal=ordinal(),
    poisson=counts([(l,) for l in (-5, -0.5, 1.2, 2.29, 2.31, 4, 7, 11, 15)], lambda l: stats.poisson(np.exp(l))),
    negativeBinomial=counts([(l, t) for l in (-3, 0.7, 4, 8) for t in (-4, -0.5, 2, 9)], negative_binomial),
    zeroInflated=counts([(1.5, 0, -2), (4, -1, 0.3), (-1, 2, 3), (2.5, 3, -30), (7, 1, 25)], ZeroInflated),
    betaBinomial=counts([(l, c) for l in (-4, -0.3, 0, 2) for c in (-2, 0.7, 2.5, 6)], beta_binomial(255), (0, 1, 128, 255)),
    betaBinomialOfFive=counts([(0.4, 1)], beta_binomial(5), np.arange(6)),
)
path = Path(__file__).parent.parent / "fixtures" / "discrete-likelihoods.json"
path.write_text(json.dumps(fixture, default=lambda array: array.tolist(), indent=1) + "\n")
