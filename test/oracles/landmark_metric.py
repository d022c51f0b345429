"""The Riemannian metric around landmarks, by NumPy in double precision.

python test/oracles/landmark_metric.py    (numpy 2.4.6)
Writes test/fixtures/landmark-metric.json. Parameters and values are float32 numbers, so that the inputs of both sides are the same.
"""
import json
from pathlib import Path

import numpy as np

random = np.random.default_rng(0)
draw = lambda *shape: np.asarray(np.round(random.normal(size=shape), 3), np.float32).astype(float)


def case(dimensions, landmarks, temperature, regularization):
    centroids, z, momenta = draw(landmarks, dimensions), draw(4, dimensions), draw(4, dimensions)
    factors = np.tril(draw(landmarks, dimensions, dimensions), -1) + np.eye(dimensions) * np.exp(draw(landmarks, 1, 1) / 2)
    factors = factors.astype(np.float32).astype(float)

    def inverse(point):
        weights = np.exp(-((point - centroids) ** 2).sum(1) / temperature**2)
        return np.einsum("k,kij,klj->il", weights, factors, factors) + regularization * np.eye(dimensions)

    def energy(point, rho):
        return (rho @ inverse(point) @ rho - np.linalg.slogdet(inverse(point))[1]) / 2

    def slope(point, rho, h=1e-5):
        return [(energy(point + h * e, rho) - energy(point - h * e, rho)) / (2 * h) for e in np.eye(dimensions)]

    return dict(centroids=centroids, factors=factors, temperature=temperature, regularization=regularization, z=z, rho=momenta,
                inverse=[inverse(point) for point in z],
                metric=[np.linalg.inv(inverse(point)) for point in z],
                logDeterminant=[-np.linalg.slogdet(inverse(point))[1] for point in z],
                velocity=[inverse(point) @ rho for point, rho in zip(z, momenta)],
                slope=[slope(point, rho) for point, rho in zip(z, momenta)])


fixture = [case(1, 2, 1.5, 0.25), case(2, 3, 1.5, 0.125), case(5, 4, 2.0, 0.25)]
path = Path(__file__).parent.parent / "fixtures" / "landmark-metric.json"
path.write_text(json.dumps(fixture, default=lambda array: array.tolist(), indent=1) + "\n")
