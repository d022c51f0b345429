"""Mixtures of Gaussians fitted by scikit-learn from a given beginning.

python test/oracles/gaussian_mixture.py    (numpy 2.4.6, scikit-learn 1.9.1)
Writes test/fixtures/gaussian-mixture.json.
"""
import json
import warnings
from pathlib import Path

import numpy as np
from sklearn.mixture import GaussianMixture

rng = np.random.default_rng(11)
WIDTH, COMPONENTS = 4, 3
centers = rng.normal(size=(COMPONENTS, WIDTH)) * 1.5
mixing = rng.normal(size=(COMPONENTS, WIDTH, WIDTH)) * 0.5
which = rng.choice(COMPONENTS, size=150, p=[0.5, 0.3, 0.2])
x = np.round(centers[which] + np.einsum("nij,nj->ni", mixing[which], rng.normal(size=(150, WIDTH))), 4)


def fit(kind, iterations):
    identity = np.eye(WIDTH) if kind == "full" else np.ones(WIDTH)
    mixture = GaussianMixture(
        COMPONENTS, covariance_type=kind, tol=1e-12, max_iter=iterations, reg_covar=1e-3,
        weights_init=np.full(COMPONENTS, 1 / COMPONENTS), means_init=x[:COMPONENTS],
        precisions_init=np.stack([identity] * COMPONENTS),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # One that is stopped early has not converged.
        mixture.fit(x)
    covariances = mixture.covariances_ if kind == "full" else np.stack([np.diag(c) for c in mixture.covariances_])
    return {
        "iterations": iterations,
        "logLikelihood": mixture.lower_bound_,
        "score": mixture.score(x),
        "weights": mixture.weights_.tolist(),
        "means": mixture.means_.tolist(),
        "covariances": [c.ravel().tolist() for c in covariances],
    }


fixture = {
    "width": WIDTH,
    "components": COMPONENTS,
    "floor": 1e-3,
    "values": x.ravel().tolist(),
    "full": [fit("full", 5), fit("full", 2000)],
    "diagonal": [fit("diag", 5), fit("diag", 2000)],
}
path = Path(__file__).parent.parent / "fixtures" / "gaussian-mixture.json"
path.write_text(json.dumps(fixture) + "\n")
