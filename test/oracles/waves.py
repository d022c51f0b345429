"""Inputs and parameters that a test makes by the same formula, and what PyTorch computes of them in float64.

A loss is the sum of the output times a wave. Shapes are those of TensorFlow: [N, ..., channels], weights [..., in, out].
"""
import json
import math
from pathlib import Path

import torch

torch.set_default_dtype(torch.float64)


def wave(shape, phase):
    return (0.5 * torch.sin(phase + 0.7 * torch.arange(math.prod(shape)))).reshape(shape)


# Parameters begin as waves; scales and variances stand around 1.
def parameter(name, shape, phase):
    return wave(shape, phase) + (1 if name.split("/")[-1] in ("scale", "variance") else 0)


# What "same" pads before and after.
def same(length, kernel, stride):
    total = max((math.ceil(length / stride) - 1) * stride + kernel - length, 0)
    return total // 2, total - total // 2


def compute(x_shape, parameters, function):
    """Output and gradients of function(x, *parameters), and the statistics that it returns beside the output."""
    x = wave(x_shape, 0).requires_grad_()
    values = {key: parameter(key, shape, 1 + i).requires_grad_() for i, (key, shape) in enumerate(parameters.items())}
    y, *more = result if isinstance(result := function(x, *values.values()), tuple) else (result,)
    loss = (y * wave(y.shape, 20)).sum()
    named = {"x": x, **values}
    gradients = torch.autograd.grad(loss, list(named.values()), allow_unused=True)
    return dict(
        x=list(x_shape), shape=list(y.shape), y=y.detach().flatten().tolist(),
        gradients={key: gradient.flatten().tolist() for key, gradient in zip(named, gradients) if gradient is not None},
        **({"assigned": {key: value.tolist() for key, value in more[0].items()}} if more else {}))


def write(name, cases):
    path = Path(__file__).parent.parent / "fixtures" / name
    path.write_text(json.dumps(cases, indent=None, separators=(",", ":")).replace('},"', '},\n"') + "\n")
    print({key: len(each.get("y", [])) for key, each in cases.items()}, path.stat().st_size)
