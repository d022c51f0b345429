"""What PyTorch's optimizers do in six steps, in float64, with epsilons too small to matter: where they stand differs.

python test/oracles/torch_optimizers.py    (torch 2.15.0, numpy 2.4.6)
Writes test/fixtures/torch-optimizers.json.
"""
import json
from pathlib import Path

import numpy as np
import torch

random = np.random.default_rng(1)
start = random.normal(size=(2, 3)).astype(np.float32)
gradients = (random.normal(size=(6, 2, 3)) * np.logspace(-2, 2, 3)).astype(np.float32)
rates = np.linspace(0.1, 0.02, 6).astype(np.float32)


def follow(make, rates):
    variable = torch.nn.Parameter(torch.tensor(start, dtype=torch.float64))
    optimizer = make([variable])
    path = []
    for rate, gradient in zip(rates, gradients):
        optimizer.param_groups[0]["lr"] = float(rate)
        variable.grad = torch.tensor(gradient, dtype=torch.float64)
        optimizer.step()
        path.append(variable.detach().flatten().tolist())
    return path


constant = np.full(6, 0.1, dtype=np.float32)
fixture = dict(
    start=start.flatten().tolist(), gradients=gradients.reshape(6, -1).tolist(), rates=rates.tolist(), constantRates=constant.tolist(),
    adamw=follow(lambda p: torch.optim.AdamW(p, weight_decay=0.3, eps=1e-14), rates),
    adam=follow(lambda p: torch.optim.Adam(p, eps=1e-14), rates),
    rmsprop=follow(lambda p: torch.optim.RMSprop(p, alpha=0.9, eps=1e-14), rates),
    # Its rate is outside the accumulator, so this one has one rate throughout; and an alpha that float32 holds exactly.
    rmspropMomentum=follow(lambda p: torch.optim.RMSprop(p, alpha=0.96875, momentum=0.7, eps=1e-14), constant),
)
path = Path(__file__).parent.parent / "fixtures" / "torch-optimizers.json"
path.write_text(json.dumps(fixture, indent=1) + "\n")
