"""Log-densities, divergences and a linear Gaussian model, in float64 by SciPy.

python test/oracles/distributions.py    (numpy 2.4.6, scipy 1.17.1)
Writes test/fixtures/distributions.json.
"""
import json
from pathlib import Path

import numpy as np
from scipy import stats
from scipy.special import log_expit, logsumexp

random = np.random.default_rng(0)
draw = lambda *shape: np.round(random.normal(size=shape), 3)


def gaussian():
    """Two by three of one event of four; the KL by the formula for full covariances (ANCHORS: 1/2 [tr + quadratic - D + ln det])."""
    mean, log_variance, value = draw(2, 3, 4), draw(2, 3, 4), draw(2, 3, 4)
    other_mean, other_log_variance = draw(4), draw(4)
    elements = stats.norm.logpdf(value, mean, np.exp(log_variance / 2))

    def kl(m, l):
        s0, s1 = np.diag(np.exp(l)), np.diag(np.exp(other_log_variance))
        inverse, d = np.linalg.inv(s1), other_mean - m
        log_ratio = np.linalg.slogdet(s1)[1] - np.linalg.slogdet(s0)[1]
        return (np.trace(inverse @ s0) + d @ inverse @ d - len(m) + log_ratio) / 2

    return dict(mean=mean, logVariance=log_variance, value=value, elements=elements, logProb=elements.sum(-1),
                otherMean=other_mean, otherLogVariance=other_log_variance,
                kl=[[kl(mean[i, j], log_variance[i, j]) for j in range(3)] for i in range(2)])


def bernoulli():
    logits = np.array([-90.0, -40, -3.5, -0.25, 0, 1e-3, 2, 17, 60])
    value = np.array([[0.0], [1], [0.3]])
    return dict(logits=logits, value=value, logProb=value * log_expit(logits) + (1 - value) * log_expit(-logits))


def mixture():
    """Five components of weights softmax(logits) in three dimensions, at six points: one of them far from all."""
    logits, means, log_variances, value = draw(5), 2 * draw(5, 3), draw(5, 3), 2 * draw(6, 3)
    value[5] = [60, -70, 80]
    weights = logits - logsumexp(logits)
    components = stats.norm.logpdf(value[:, None], means, np.exp(log_variances / 2)).sum(-1)
    return dict(logits=logits, means=means, logVariances=log_variances, value=value,
                logProb=logsumexp(components + weights, axis=1), mean=np.exp(weights) @ means)


def full_mixture():
    """Four components with correlated dimensions, of weights softmax(logits), at six points: one of them far from all."""
    logits, means, log_scales, below, value = draw(4), 2 * draw(4, 3), 0.5 * draw(4, 3), draw(4, 3), 2 * draw(6, 3)
    value[5] = [60, -70, 80]
    weights = logits - logsumexp(logits)
    factors = [np.diag(np.exp(l)) for l in log_scales]
    for factor, values in zip(factors, below):
        factor[[2, 2, 1], [1, 0, 0]] = values
    components = [stats.multivariate_normal.logpdf(value, m, f @ f.T) for m, f in zip(means, factors)]
    return dict(logits=logits, means=means, logScales=log_scales, below=below, value=value,
                logProb=logsumexp(np.transpose(components) + weights, axis=1))


def linear_model():
    """x = W z + s e with z ~ N(0, I): the exact posterior, what a factorized one has to be, and ln p(x)."""
    w, scale, x = draw(5, 2), 0.7, draw(4, 5)
    w[:, 1] += w[:, 0]
    m = w.T @ w + scale**2 * np.eye(2)
    orthogonal = w.copy()
    orthogonal[:, 1] -= w[:, 0] * (w[:, 0] @ w[:, 1]) / (w[:, 0] @ w[:, 0])
    model = lambda v: dict(
        weights=v,
        logProb=stats.multivariate_normal.logpdf(x, np.zeros(5), v @ v.T + scale**2 * np.eye(5)),
        posteriorMean=x @ v @ np.linalg.inv(v.T @ v + scale**2 * np.eye(2)),
        posteriorLogVariance=np.log(scale**2 / np.diag(v.T @ v + scale**2 * np.eye(2))),
    )
    return dict(scale=scale, x=x, exact=model(orthogonal), factorized=model(w),
                gap=(np.log(np.diag(m)).sum() - np.linalg.slogdet(m)[1]) / 2)


fixture = dict(gaussian=gaussian(), bernoulli=bernoulli(), mixture=mixture(), linearModel=linear_model(),
               fullMixture=full_mixture())
path = Path(__file__).parent.parent / "fixtures" / "distributions.json"
path.write_text(json.dumps(fixture, default=lambda array: array.tolist(), indent=1) + "\n")
