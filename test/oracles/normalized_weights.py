"""Linear layers with normalized weights, by torch.nn.utils.parametrizations in float64; largest singular values by NumPy.

python test/oracles/normalized_weights.py    (torch 2)
Writes test/fixtures/normalized-weights.json.
"""
from copy import deepcopy

import numpy as np
import torch
from torch.func import functional_call
from torch.nn.utils.parametrizations import spectral_norm, weight_norm

from waves import compute, write

first = lambda x: x.movedim(-1, 1)
last = lambda x: x.movedim(1, -1)

# A layer of PyTorch; the order of the axes of its weights in TensorFlow's; the axis of its outputs; shapes of input and weights.
LAYERS = {
    "dense": (torch.nn.Linear(5, 4), (1, 0), 0, (3, 5), (5, 4)),
    "conv2d": (torch.nn.Conv2d(3, 2, 3, padding=1), (3, 2, 0, 1), 0, (2, 5, 4, 3), (3, 3, 3, 2)),
    "conv2d-transpose": (torch.nn.ConvTranspose2d(3, 2, 4, 2, padding=1), (3, 2, 0, 1), 1, (2, 3, 2, 3), (4, 4, 2, 3)),
}
cases = {}
for name, (layer, order, axis, x_shape, shape) in LAYERS.items():
    outputs = layer.weight.shape[axis]
    # Channels of a row are first and last at once.
    run = lambda module, values, x: last(functional_call(module, values, first(x)))

    def weight(x, v, g, bias):
        lengths = g.reshape([outputs if i == axis else 1 for i in range(len(shape))])
        values = {"parametrizations.weight.original0": lengths, "parametrizations.weight.original1": v.permute(order), "bias": bias}
        return run(weighted, values, x)

    def spectral(x, weights, singular, bias):
        # PyTorch flattens [inputs, height, width].
        window = singular.reshape(*shape[:-2], -1)
        v = window.movedim(-1, 0).detach().flatten().clone()
        values = {"parametrizations.weight.original": weights.permute(order), "bias": bias,
                  "parametrizations.weight.0._u": torch.zeros(outputs), "parametrizations.weight.0._v": v}
        y = run(spectrally, values, x)
        moved = v.reshape(-1, *shape[:-2]).movedim(0, -1).flatten()
        return y, dict(singular=moved)

    weighted, spectrally = weight_norm(deepcopy(layer), dim=axis), spectral_norm(deepcopy(layer), dim=axis)
    cases[f"weight {name}"] = compute(x_shape, dict(weights=shape, lengths=(outputs,), bias=(outputs,)), weight)
    rows = layer.weight.numel() // outputs
    cases[f"spectral {name}"] = compute(x_shape, dict(weights=shape, singular=(rows,), bias=(outputs,)), spectral)

matrix = np.random.default_rng(1).normal(size=(5, 4))
cases["singular values"] = dict(weights=matrix.tolist(), largest=np.linalg.svd(matrix, compute_uv=False)[0])
write("normalized-weights.json", cases)
