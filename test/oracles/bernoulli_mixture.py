"""The likelihood floor that a VAE on digits has to beat: a mixture of 50 Bernoullis, fitted by EM to the same binarized split.

Usage: node test/oracles/export-digits.mjs FOLDER && python3 test/oracles/bernoulli_mixture.py FOLDER     (needs numpy)

Exact likelihoods in nats an image. Pixel probabilities are smoothed by the pseudo-counts that do best on the validation split;
the best of five restarts by validation likelihood is the one that is scored on the test split.
"""
import sys

import numpy as np

COMPONENTS, RESTARTS, ITERATIONS = 50, 5, 100


def log_joint(x, weights, probabilities):
    return x @ np.log(probabilities / (1 - probabilities)).T + np.log1p(-probabilities).sum(1) + np.log(weights)


def log_likelihood(x, weights, probabilities):
    joint = log_joint(x, weights, probabilities)
    top = joint.max(1, keepdims=True)
    return (top[:, 0] + np.log(np.exp(joint - top).sum(1))).mean()


def fit(x, seed, pseudo_count):
    generator = np.random.default_rng(seed)
    probabilities = 0.25 + 0.5 * x[generator.choice(len(x), COMPONENTS, replace=False)]
    weights = np.full(COMPONENTS, 1 / COMPONENTS)
    for _ in range(ITERATIONS):
        joint = log_joint(x, weights, probabilities)
        responsibilities = np.exp(joint - joint.max(1, keepdims=True))
        responsibilities /= responsibilities.sum(1, keepdims=True)
        counts = responsibilities.sum(0)
        probabilities = (responsibilities.T @ x + pseudo_count) / (counts + 2 * pseudo_count)[:, None]
        weights = (counts + 1e-3) / (counts + 1e-3).sum()
    return weights, probabilities


train, validation, test = (np.fromfile(f"{sys.argv[1]}/{name}.f32", np.float32).reshape(-1, 784).astype(np.float64) for name in ("train", "validation", "test"))
best = max(
    ((log_likelihood(validation, *(model := fit(train, seed, pseudo_count))), pseudo_count, seed, model) for pseudo_count in (0.1, 0.3, 1.0) for seed in range(RESTARTS)),
    key=lambda candidate: candidate[0],
)
print(f"{COMPONENTS} components, pseudo-count {best[1]}, restart {best[2]}")
print(f"validation NLL {-best[0]:.2f} nats, test NLL {-log_likelihood(test, *best[3]):.2f} nats")
