"""Densities and divergences of discrete latents and of their relaxed forms, in float64 by PyTorch.

python test/oracles/discrete_latents.py    (torch 2.15.0, numpy 2.4.6)
Writes test/fixtures/discrete-latents.json.
"""
import json
from pathlib import Path

import numpy as np
import torch
from torch import distributions as D

torch.set_default_dtype(torch.float64)
random = np.random.default_rng(3)
draw = lambda *shape: torch.tensor(np.round(random.normal(size=shape), 3))


def categorical():
    """Two by three variables of four values; the KL sums over the variables."""
    q, p = draw(2, 3, 4), draw(3, 4)
    kl = D.kl_divergence(D.OneHotCategorical(logits=q), D.OneHotCategorical(logits=p))
    return dict(q=q, p=p, kl=kl.sum(-1))


def concrete(temperature, values):
    """Five points of the simplex under two distributions over `values` values."""
    logits = draw(2, values)
    points = torch.tensor(np.round(random.dirichlet(np.ones(values), size=5), 3) + 1e-3)
    points = points / points.sum(-1, keepdim=True)
    log_prob = D.RelaxedOneHotCategorical(torch.tensor(temperature), logits=logits).log_prob(points[:, None])
    return dict(temperature=temperature, logits=logits, points=points, logProb=log_prob)


def bernoulli():
    q, p = 3 * draw(2, 4), 2 * draw(4)
    return dict(q=q, p=p, kl=D.kl_divergence(D.Bernoulli(logits=q), D.Bernoulli(logits=p.expand_as(q))))


def binary_concrete(temperature):
    logits, points = 2 * draw(6), torch.tensor([[1e-4], [0.02], [0.3], [0.5], [0.9], [0.999]])
    log_prob = D.RelaxedBernoulli(torch.tensor(temperature), logits=logits).log_prob(points)
    return dict(temperature=temperature, logits=logits, points=points.squeeze(-1), logProb=log_prob)


fixture = dict(
    categorical=categorical(),
    concrete=[concrete(t, k) for t, k in [(0.3, 2), (0.5, 4), (0.67, 10), (1.0, 3), (2.5, 3)]],
    bernoulli=bernoulli(),
    binaryConcrete=[binary_concrete(t) for t in [0.3, 0.5, 0.67, 1.0, 2.5]],
)
path = Path(__file__).parent.parent / "fixtures" / "discrete-latents.json"
path.write_text(json.dumps(fixture, default=lambda tensor: tensor.tolist(), indent=1) + "\n")
