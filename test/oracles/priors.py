"""Densities of learned priors, by SciPy and Gauss-Hermite quadrature.

python test/oracles/priors.py    (numpy 2.4.6, scipy 1.17.1)
Writes test/fixtures/priors.json. Parameters and values are float32 numbers, so that the inputs of both sides are the same.
"""
import json
from pathlib import Path

import numpy as np
from scipy import stats
from scipy.special import expit, logsumexp

random = np.random.default_rng(0)
draw = lambda *shape: np.asarray(np.round(random.normal(size=shape), 3), np.float32).astype(float)


def resampled():
    """A standard Gaussian in two dimensions whose draws a network of three tanh units accepts, truncated after 2 and 30 proposals."""
    weights, bias, output, output_bias = 2 * draw(2, 3), draw(3), 3 * draw(3), np.array([2.5])
    accept = lambda z: expit(np.tanh(z @ weights + bias) @ output + output_bias)
    nodes, node_weights = np.polynomial.hermite_e.hermegauss(150)
    grid = np.stack(np.meshgrid(nodes, nodes, indexing="ij"), -1).reshape(-1, 2)
    mean = np.outer(node_weights, node_weights).ravel() @ accept(grid) / (2 * np.pi)
    value = np.concatenate([2 * draw(6, 2), [[7, -9]]])
    base = stats.norm.logpdf(value).sum(-1)
    by_truncation = {}
    for truncation in (2, 30):
        alpha = (1 - mean) ** (truncation - 1)
        by_truncation[truncation] = base + np.log((1 - alpha) * accept(value) / mean + alpha)
    return dict(weights=weights, bias=bias, output=output, outputBias=output_bias, mean=mean, value=value, logProb=by_truncation)


def exemplar():
    """A mixture around four exemplars with one variance, at five points; and without the exemplar that each of three points is."""
    means, log_variance, value = 2 * draw(4, 3), 0.6875, 2 * draw(5, 3)
    components = stats.norm.logpdf(value[:, None], means, np.exp(log_variance / 2)).sum(-1)
    others = [1, 3, None, 0, None]
    kept = [[k for k in range(4) if k != own] for own in others]
    return dict(means=means, logVariance=log_variance, value=value, own=[-1 if own is None else own for own in others],
                logProb=logsumexp(components, axis=1) - np.log(4),
                leftOut=[logsumexp(row[keep]) - np.log(len(keep)) for row, keep in zip(components, kept)])


fixture = dict(resampled=resampled(), exemplar=exemplar())
path = Path(__file__).parent.parent / "fixtures" / "priors.json"
path.write_text(json.dumps(fixture, default=lambda array: array.tolist(), indent=1) + "\n")
