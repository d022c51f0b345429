"""Log-probabilities, means and variances of the masses behind likelihoods of categories, in float64 by SciPy.

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


fixture = dict(categorical=categorical(), ordinal=ordinal())
path = Path(__file__).parent.parent / "fixtures" / "discrete-likelihoods.json"
path.write_text(json.dumps(fixture, default=lambda array: array.tolist(), indent=1) + "\n")
