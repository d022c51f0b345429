"""Products and mixtures of Gaussian experts, by NumPy and SciPy.

python test/oracles/experts.py    (numpy 2.4.6, scipy 1.17.1)
Writes test/fixtures/experts.json. Parameters and values are float32 numbers, so that the inputs of both sides are the same.
"""
import itertools
import json
from pathlib import Path

import numpy as np
from scipy import stats

random = np.random.default_rng(3)
single = lambda x: np.asarray(x, np.float32).astype(float)
draw = lambda *shape: single(np.round(random.normal(size=shape), 3))

FIELDS, EXAMPLES, SIZE = 3, 5, 2
mean, log_variance = draw(FIELDS, EXAMPLES, SIZE), draw(FIELDS, EXAMPLES, SIZE)
value = 2 * draw(4, EXAMPLES, SIZE)
# By example: all fields, two, one, another one, and none.
present = np.array([[1, 1, 1], [1, 0, 1], [0, 1, 0], [1, 0, 0], [0, 0, 0]])


def gaussian_product(subset, example):
    """Mean and variance of the normalized product; the empty one is flat and has none."""
    precision = sum(np.exp(-log_variance[i, example]) for i in subset)
    return sum(np.exp(-log_variance[i, example]) * mean[i, example] for i in subset) / precision, 1 / precision


def with_prior(subset, example):
    precision = sum((np.exp(-log_variance[i, example]) for i in subset), np.ones(SIZE))
    total = sum((np.exp(-log_variance[i, example]) * mean[i, example] for i in subset), np.zeros(SIZE))
    return total / precision, 1 / precision


def log_mixture(subsets, example):
    components = [gaussian_product(s, example) for s in subsets] or [(np.zeros(SIZE), np.ones(SIZE))]
    densities = [[np.prod(stats.norm.pdf(x, m, np.sqrt(v))) for m, v in components] for x in value[:, example]]
    return np.log(np.mean(densities, axis=1))


there = [[i for i in range(FIELDS) if present[n, i]] for n in range(EXAMPLES)]
subsets = [[s for r in range(1, len(t) + 1) for s in itertools.combinations(t, r)] for t in there]
products = [with_prior(t, n) for n, t in enumerate(there)]
fixture = {
    "mean": mean.tolist(),
    "logVariance": log_variance.tolist(),
    "present": present.tolist(),
    "value": value.tolist(),
    "product": {"mean": [m.tolist() for m, _ in products], "variance": [v.tolist() for _, v in products]},
    "mixtureOfExperts": np.transpose([log_mixture([(i,) for i in t], n) for n, t in enumerate(there)]).tolist(),
    "mixtureOfProducts": np.transpose([log_mixture(s, n) for n, s in enumerate(subsets)]).tolist(),
}
path = Path(__file__).parents[1] / "fixtures" / "experts.json"
path.write_text(json.dumps(fixture, indent=1) + "\n")
