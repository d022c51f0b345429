"""Layers and networks of images with their gradients, by PyTorch in float64.

python test/oracles/layers.py    (torch 2)
Writes test/fixtures/layers.json.

Inputs and parameters are waves that the test makes by the same formula; a loss is the sum of the output times a wave.
Shapes are those of TensorFlow: [N, height, width, channels], weights [height, width, in, out].
"""
import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)


def wave(shape, phase):
    return (0.5 * torch.sin(phase + 0.7 * torch.arange(math.prod(shape)))).reshape(shape)


# Parameters begin as waves; scales and variances stand around 1.
def parameter(name, shape, phase):
    return wave(shape, phase) + (1 if name.split("/")[-1] in ("scale", "variance") else 0)


first = lambda x: x.permute(0, 3, 1, 2)
last = lambda x: x.permute(0, 2, 3, 1)


def same(length, kernel, stride):
    total = max((math.ceil(length / stride) - 1) * stride + kernel - length, 0)
    return total // 2, total - total // 2


def conv(x, weights, bias=None, stride=1):
    (top, bottom), (left, right) = (same(length, weights.shape[0], stride) for length in x.shape[1:3])
    y = F.conv2d(F.pad(first(x), (left, right, top, bottom)), weights.permute(3, 2, 0, 1), stride=stride)
    return last(y) + (0 if bias is None else bias)


def transposed(x, weights, bias=None, stride=1, extent=None):
    whole = last(F.conv_transpose2d(first(x), weights.permute(3, 2, 0, 1), stride=stride))
    (top, _), (left, _) = (same(length, weights.shape[0], stride) for length in extent)
    y = F.pad(whole, (0, 0, 0, extent[1], 0, extent[0]))[:, top:top + extent[0], left:left + extent[1]]
    return y + (0 if bias is None else bias)


def batch_norm(x, scale, shift, mean, variance, training=True):
    mean, variance = mean.detach().clone(), variance.detach().clone()
    y = F.batch_norm(x.movedim(-1, 1), mean, variance, scale, shift, training, momentum=0.1, eps=1e-5).movedim(1, -1)
    return y, dict(mean=mean, variance=variance)


def group_norm(x, scale, shift, groups):
    return F.group_norm(x.movedim(-1, 1), groups, scale, shift, eps=1e-5).movedim(1, -1)


cases = {}


def case(name, x_shape, parameters, function):
    x = wave(x_shape, 0).requires_grad_()
    values = {key: parameter(key, shape, 1 + i).requires_grad_() for i, (key, shape) in enumerate(parameters.items())}
    y, *more = result if isinstance(result := function(x, *values.values()), tuple) else (result,)
    loss = (y * wave(y.shape, 20)).sum()
    named = {"x": x, **values}
    gradients = torch.autograd.grad(loss, list(named.values()), allow_unused=True)
    cases[name] = dict(
        x=list(x_shape), shape=list(y.shape), y=y.detach().flatten().tolist(),
        gradients={key: gradient.flatten().tolist() for key, gradient in zip(named, gradients) if gradient is not None},
        **({"assigned": {key: value.tolist() for key, value in more[0].items()}} if more else {}))


IMAGES = (2, 5, 4, 3)
weights = lambda kernel, inputs, outputs: dict(weights=(kernel, kernel, inputs, outputs), bias=(outputs,))
for kernel, stride in ((4, 2), (3, 1), (3, 2), (2, 3)):
    case(f"conv2d {kernel} {stride}", IMAGES, weights(kernel, 3, 2), lambda x, w, b: conv(x, w, b, stride))
    down = (2, math.ceil(5 / stride), math.ceil(4 / stride), 2)
    case(f"conv2d-transpose {kernel} {stride}", down, dict(weights=(kernel, kernel, 3, 2), bias=(3,)),
         lambda x, w, b: transposed(x, w, b, stride, (5, 4)))
NORM = dict(scale=(4,), shift=(4,))
STATISTICS = dict(mean=(4,), variance=(4,))
for rank, shape in ((2, (3, 4)), (4, (2, 3, 2, 4))):
    case(f"batch-norm training {rank}", shape, NORM | STATISTICS, batch_norm)
    case(f"batch-norm {rank}", shape, NORM | STATISTICS, lambda *args: batch_norm(*args, training=False)[0])
    for groups in (1, 2):
        case(f"group-norm {groups} {rank}", shape, NORM, lambda x, *args: group_norm(x, *args, groups))


def network(names, image, label):
    def apply(x, *values):
        p = dict(zip(names, values))
        assigned = {}

        def norm(name, x):
            scope = f"{name}/batch-norm"
            y, moved = batch_norm(x, *(p[f"{scope}/{part}"] for part in ("scale", "shift", "mean", "variance")))
            assigned.update({f"{scope}/{part}": value for part, value in moved.items()})
            return y

        y = torch.tanh(norm("conv-0", conv(x.reshape(image), p["conv-0/weights"], stride=2)))
        y = torch.tanh(norm("conv-1", conv(y, p["conv-1/weights"], stride=2)))
        y = torch.cat([y.flatten(1), label], 1)
        return torch.tanh(norm("dense-0", y @ p["dense-0/weights"])), assigned
    return apply


normed = lambda name, channels: {f"{name}/batch-norm/{part}": (channels,) for part in ("scale", "shift", "mean", "variance")}
encoder = ({"conv-0/weights": (4, 4, 1, 3)} | normed("conv-0", 3) | {"conv-1/weights": (4, 4, 3, 2)} | normed("conv-1", 2)
           | {"dense-0/weights": (2 * 1 * 2 + 3, 4)} | normed("dense-0", 4))
case("conv encoder", (3, 5, 4, 1), encoder, network(list(encoder), (3, 5, 4, 1), torch.eye(3)[[2, 0, 1]]))


def decoder(z, w0, b0, w1, b1, w2, b2, w3, b3):
    y = F.elu(F.elu(z @ w0 + b0) @ w1 + b1).reshape(-1, 2, 1, 2)
    y = F.elu(transposed(y, w2, b2, 2, (3, 2)))
    return transposed(y, w3, b3, 2, (5, 4))


case("conv decoder", (2, 3), {
    "dense-0/weights": (3, 4), "dense-0/bias": (4,), "maps/weights": (4, 4), "maps/bias": (4,),
    "conv-0/weights": (4, 4, 3, 2), "conv-0/bias": (3,), "conv-1/weights": (4, 4, 1, 3), "conv-1/bias": (1,),
}, decoder)

path = Path(__file__).parent.parent / "fixtures" / "layers.json"
path.write_text(json.dumps(cases, indent=None, separators=(",", ":")).replace('},"', '},\n"') + "\n")
print({name: len(each["y"]) for name, each in cases.items()}, path.stat().st_size)
