"""Log-densities, means and variances of the distributions behind likelihoods, and special functions, in float64 by SciPy.

python test/oracles/likelihoods.py    (numpy 2.4.6, scipy 1.17.1)
Writes test/fixtures/likelihoods.json. Parameters and values are float32 numbers, so that the inputs of both sides are the same.
"""
import json
from pathlib import Path

import numpy as np
from scipy import special, stats

single = lambda *values: np.asarray(values, np.float32).astype(float)


def rows(parameters, values, frozen):
    """Each parameter set with each of its values. `frozen` makes the SciPy distribution; `values` may depend on the set."""
    listed = []
    for each in parameters:
        each = single(*each)
        p = frozen(*each)
        x = single(*(values(p) if callable(values) else values))
        log_prob = p.logpmf(x) if hasattr(p, "pmf") and isinstance(p.dist, stats.rv_discrete) else p.logpdf(x)
        listed.append(dict(parameters=each, values=x, logProb=log_prob, mean=p.mean(), variance=p.var()))
    return listed


locations = [(0, 0), (1.5, -2), (-3, 1.25), (0.25, -6), (100, 3)]
spread = lambda p: np.concatenate([p.mean() + p.std() * np.array([-12, -3, -0.5, 0, 1e-3, 0.7, 4, 30]), [0.0, 1.0]])
location_scale = lambda family: rows(locations, spread, lambda m, l: family(m, np.exp(l)))


class Reflected:
    """1 - x."""
    def __init__(self, p):
        self.p, self.dist = p, p.dist
    logpdf = lambda self, x: self.p.logpdf(1 - x)
    mean = lambda self: 1 - self.p.mean()
    var = lambda self: self.p.var()


def continuous_bernoulli(l):
    """Its density is proportional to exp(l x) on [0, 1]: a truncated exponential, turned round for l > 0."""
    if abs(l) < 1e-6:
        return stats.uniform()
    truncated = stats.truncexpon(b=abs(l), scale=1 / abs(l))
    return Reflected(truncated) if l > 0 else truncated


class DiscretizedLogistic:
    """The mass of a logistic on each cell of the gray levels k / 255. Differences are taken in the tail that is not near 1."""
    dist = None

    def __init__(self, m, l):
        self.p = stats.logistic(m, np.exp(l))

    def levels(self, k):
        low, high = (k - 0.5) / 255, (k + 0.5) / 255
        low, high = np.where(k == 0, -np.inf, low), np.where(k == 255, np.inf, high)
        below = self.p.cdf(high) - self.p.cdf(low)
        above = self.p.sf(low) - self.p.sf(high)
        return np.log(np.where(low > self.p.mean(), above, below))

    logpdf = lambda self, x: self.levels(np.round(x * 255))
    mean = lambda self: np.exp(self.levels(np.arange(256))) @ np.arange(256) / 255
    var = lambda self: np.exp(self.levels(np.arange(256))) @ (np.arange(256) / 255 - self.mean()) ** 2


def mixture():
    """Two elements of a mixture of three discretized logistics: every level's log-probability, and the mean."""
    logits, locations = single([0.3, -1, 0.8], [2, 0, -3]).reshape(2, 3), single([0.1, 0.5, 0.9], [-0.2, 0.55, 0.6]).reshape(2, 3)
    log_scales = single([-4, -2, -3], [-5, -6, -1]).reshape(2, 3)
    levels = np.arange(256) / 255
    each = [[DiscretizedLogistic(m, s).logpdf(levels) for m, s in zip(*row)] for row in zip(locations, log_scales)]
    log_prob = special.logsumexp(special.log_softmax(logits, axis=-1)[:, :, None] + np.array(each), axis=1)
    return dict(logits=logits, locations=locations, logScales=log_scales, logProb=log_prob, mean=np.exp(log_prob) @ levels)


EDGE = 0.001


class EdgedBeta:
    """Beta by logit of the mean and log-concentration; its mass within EDGE of 0 and of 1 is spread evenly there."""
    dist = None

    def __init__(self, l, log_c):
        self.p = stats.beta(np.exp(log_c) * special.expit(l), np.exp(log_c) * special.expit(-l))

    def logpdf(self, x):
        ends = np.where(x < EDGE, self.p.logcdf(EDGE), self.p.logsf(1 - EDGE)) - np.log(EDGE)
        return np.where((x < EDGE) | (x > 1 - EDGE), ends, self.p.logpdf(np.clip(x, EDGE, 1 - EDGE)))

    mean = lambda self: self.p.mean()
    var = lambda self: self.p.var()


def functions():
    x = single(1e-6, 0.01, 0.3, 0.999, 1, 1.5, 2, 2.9999, 3, 3.5, 7, 25, 400, 1e4, 1e6)
    a = single(1e-3, 0.4, 1, 2.5, 3, 17, 300, 1e4, 5e5)
    p, q = (each.ravel() for each in np.meshgrid(a, a))
    return dict(x=x, logGamma=special.gammaln(x), digamma=special.digamma(x), a=p, b=q, logBeta=special.betaln(p, q),
                logBetaSlope=special.digamma(p) - special.digamma(p + q),
                stirlingError=special.gammaln(x + 1) - ((x + 0.5) * np.log(x) - x + 0.5 * np.log(2 * np.pi)),
                stirlingErrorSlope=special.digamma(x + 1) - np.log(x) - 0.5 / x)


quantiles = lambda p: np.maximum(p.ppf([1e-6, 1e-3, 0.1, 0.5, 0.9, 0.999, 1 - 1e-6]), 1e-37)
unit = (0, 1e-4, 0.1, 0.5, 0.77, 0.999, 1)
logits = [-60, -9, -1.5, -1.001, -0.999, -0.3, -0.02, 0, 0.02, 0.5, 1, 1.001, 4, 25]
levels = [0.005, 0.02, 0.1, 0.5, 0.9, 0.99]
concentrations = [0.05, 0.4, 1, 1.5, 3, 50]
fixture = dict(
    gammaQuantiles=dict(levels=levels, concentrations=concentrations,
                        quantiles=[stats.gamma.ppf(levels, a) for a in concentrations]),
    functions=functions(),
    laplace=location_scale(stats.laplace),
    logistic=location_scale(stats.logistic),
    hyperbolicSecant=location_scale(stats.hypsecant),
    studentT=rows([(m, l, nu) for m, l in locations for nu in (1.5, 2.5, 5, 40, 1e4)],
                  lambda p: p.mean() + p.interval(0.5)[1] * np.array([-1e3, -5, -1, 0, 1e-2, 2, 20]),
                  lambda m, l, nu: stats.t(nu, m, np.exp(l))),
    discretizedLogistic=rows([(0.5, -2), (0.1, -4), (0.97, -3), (-0.3, -1), (1.2, -2.5), (0.4, 1), (0.25, -6)],
                             np.array([0, 1, 17, 64, 102, 128, 254, 255]) / 255, DiscretizedLogistic),
    logNormal=rows(locations[:4], quantiles, lambda m, l: stats.lognorm(np.exp(l), scale=np.exp(m))),
    gamma=rows([(l, log_k) for l in (-4, 0, 2.5, 9) for log_k in (-2, -0.5, 0, 1, 4, 10)], quantiles,
               lambda l, log_k: stats.gamma(np.exp(log_k), scale=np.exp(l - log_k))),
    beta=rows([(l, log_c) for l in (-3, -0.4, 0, 2) for log_c in (-2, 0, 1, 2.5, 4.5)],
              (0, 5e-4, 0.002, 0.01, 0.3, 0.5, 0.8, 0.99, 0.9995, 1), EdgedBeta),
    mixtureOfDiscretizedLogistics=mixture(),
    continuousBernoulli=rows([(l,) for l in logits], unit, continuous_bernoulli),
)


def plain(value):
    """JSON has no infinity."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    return float(value) if np.isfinite(value) else None


path = Path(__file__).parent.parent / "fixtures" / "likelihoods.json"
path.write_text(json.dumps(plain(fixture), indent=1) + "\n")
