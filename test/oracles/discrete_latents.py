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


def autoregressive(variables, categories, hidden, conditions):
    """A masked network written unit by unit: unit u has the degree u mod L and sees what comes before its degree."""
    first, second = hidden
    degree = lambda unit: unit % variables
    w1, b1, wc = draw(variables, categories, first), draw(first), draw(conditions, first)
    w2, b2 = draw(first, second), draw(second)
    w3, b3 = draw(second, variables, categories), draw(variables, categories)
    codes, given = random.integers(categories, size=(6, variables)), draw(6, conditions)
    log_prob = []
    for k, c in zip(codes, given):
        h1 = [torch.relu(b1[u] + c @ wc[:, u] + sum(w1[v, k[v], u] for v in range(degree(u)))) for u in range(first)]
        h2 = [torch.relu(b2[u] + sum(w2[i, u] * h1[i] for i in range(first) if degree(i) <= degree(u)))
              for u in range(second)]
        total = 0
        for v in range(variables):
            logits = b3[v] + sum(w3[u, v] * h2[u] for u in range(second) if degree(u) <= v)
            total += D.Categorical(logits=logits).log_prob(torch.tensor(k[v]))
        log_prob.append(total)
    flat = lambda w, *shape: w.reshape(*shape)
    return dict(variables=variables, categories=categories, hidden=hidden, codes=codes, conditions=given,
                parameters={"dense-0/weights": flat(w1, -1, first), "dense-0/bias": b1, "conditions": wc,
                            "dense-1/weights": w2, "dense-1/bias": b2,
                            "logits/weights": flat(w3, second, -1), "logits/bias": b3.flatten()},
                logProb=torch.stack(log_prob))


fixture = dict(
    categorical=categorical(),
    concrete=[concrete(t, k) for t, k in [(0.3, 2), (0.5, 4), (0.67, 10), (1.0, 3), (2.5, 3)]],
    bernoulli=bernoulli(),
    autoregressive=autoregressive(4, 3, [7, 6], 2),
    binaryConcrete=[binary_concrete(t) for t in [0.3, 0.5, 0.67, 1.0, 2.5]],
)
path = Path(__file__).parent.parent / "fixtures" / "discrete-latents.json"
path.write_text(json.dumps(fixture, default=lambda tensor: tensor.tolist(), indent=1) + "\n")
