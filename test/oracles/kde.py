"""Kernel density estimates by SciPy.

python test/oracles/kde.py    (numpy 2.4.6, scipy 1.17.1)
Writes test/fixtures/kde.json. Codes are float32 numbers, so that the inputs of both sides are the same.
"""
import json
from pathlib import Path

import numpy as np
from scipy.stats import gaussian_kde

random = np.random.default_rng(0)
codes = np.asarray(np.round(random.normal(size=(30, 3)) @ [[1, 0.5, 0], [0, 2, 0.3], [0, 0, 0.4]], 3), np.float32).astype(float)
points = np.asarray(np.round(2 * random.normal(size=(5, 3)), 3), np.float32).astype(float)


def estimate(bandwidth):
    return dict(bandwidth=bandwidth, logProb=gaussian_kde(codes.T, bandwidth).logpdf(points.T))


fixture = dict(codes=codes, points=points, estimates=[estimate(each) for each in ("scott", "silverman", 0.7)])
path = Path(__file__).parent.parent / "fixtures" / "kde.json"
path.write_text(json.dumps(fixture, default=lambda array: array.tolist()) + "\n")
