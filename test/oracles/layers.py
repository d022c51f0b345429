"""Layers and networks of images with their gradients, by PyTorch in float64.

python test/oracles/layers.py    (torch 2)
Writes test/fixtures/layers.json and test/fixtures/activations.json.
"""
import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F

from waves import compute, same, wave, write

first = lambda x: x.permute(0, 3, 1, 2)
last = lambda x: x.permute(0, 2, 3, 1)


def conv(x, weights, bias=None, stride=1):
    (top, bottom), (left, right) = (same(length, weights.shape[0], stride) for length in x.shape[1:3])
    y = F.conv2d(F.pad(first(x), (left, right, top, bottom)), weights.permute(3, 2, 0, 1).contiguous(), stride=stride)
    return last(y) + (0 if bias is None else bias)


def transposed(x, weights, bias=None, stride=1, extent=None):
    whole = last(F.conv_transpose2d(first(x), weights.permute(3, 2, 0, 1).contiguous(), stride=stride))
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


def case(name, *args):
    cases[name] = compute(*args)


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

POOLS = {"max": F.max_pool2d, "average": F.avg_pool2d}
for name, pool in POOLS.items():
    for kernel, stride in ((2, 2), (3, 1)):
        case(f"{name}-pool valid {kernel} {stride}", IMAGES, {}, lambda x: last(pool(first(x), kernel, stride)))


# Over the edge: the maximum and the mean of what is there.
def pool_same(x, kernel, stride, name):
    (top, bottom), (left, right) = (same(length, kernel, stride) for length in x.shape[1:3])
    pad = lambda value, of: F.pad(first(of), (left, right, top, bottom), value=value)
    if name == "max":
        return last(F.max_pool2d(pad(-math.inf, x), kernel, stride))
    counted = F.avg_pool2d(pad(0, torch.ones_like(x)), kernel, stride)
    return last(F.avg_pool2d(pad(0, x), kernel, stride) / counted)


for name in POOLS:
    case(f"{name}-pool same 2 2", IMAGES, {}, lambda x: pool_same(x, 2, 2, name))
case("upsample 2", IMAGES, {}, lambda x: last(F.interpolate(first(x), scale_factor=2)))
case("upsample to 8 7", IMAGES, {}, lambda x: last(F.interpolate(first(x), size=(8, 7))))
case("prelu", (2, 5, 3), dict(slopes=(3,)), lambda x, slopes: F.prelu((x - 0.1).movedim(-1, 1), slopes).movedim(1, -1))
case("residual units", (3, 4), {"layers/0/weights": (4, 4), "layers/0/bias": (4,)},
     lambda x, w, b: x + torch.tanh(x @ w + b))
case("residual maps", IMAGES, {"layers/0/weights": (3, 3, 3, 2), "layers/0/bias": (2,), "projection/weights": (1, 1, 3, 2), "projection/bias": (2,)},
     lambda x, w, b, p, c: torch.tanh(conv(x, w, b, 2)) + conv(x, p, c, 2))
gate = lambda x, w, b, v, c: (x @ w + b) * torch.sigmoid(x @ v + c)
gates = lambda name, inputs, outputs: {
    f"{name}/values/weights": (inputs, outputs), f"{name}/values/bias": (outputs,),
    f"{name}/gates/weights": (inputs, outputs), f"{name}/gates/bias": (outputs,)}
case("gated encoder", (2, 6), gates("gated-0", 6, 4) | gates("gated-1", 4, 3),
     lambda x, *p: gate(gate(x, *p[:4]), *p[4:]))
case("gated decoder", (2, 3), gates("gated-0", 3, 4) | {"output/weights": (4, 6), "output/bias": (6,)},
     lambda z, *p: gate(z, *p[:4]) @ p[4] + p[5])


# Residual blocks as He et al. 2016b have them, on PyTorch's own layers; parameters in the order of their use by the names given.
class Network:
    def __init__(self):
        self.shapes, self.values, self.assigned = {}, None, {}

    def get(self, name, shape):
        self.shapes[name] = shape
        return torch.zeros(shape) if self.values is None else self.values[name]

    def norm(self, name, x):
        scope = f"{name}/batch-norm"
        y, moved = batch_norm(x, *(self.get(f"{scope}/{part}", x.shape[-1:]) for part in ("scale", "shift", "mean", "variance")))
        self.assigned.update({f"{scope}/{part}": value for part, value in moved.items()})
        return y

    def conv(self, name, x, outputs, kernel=3, stride=1, bias=False):
        weights = self.get(f"{name}/weights", (kernel, kernel, x.shape[-1], outputs))
        return conv(x, weights, self.get(f"{name}/bias", (outputs,)) if bias else None, stride)

    def dense(self, name, x, outputs, bias=False):
        y = x @ self.get(f"{name}/weights", (x.shape[-1], outputs))
        return y + self.get(f"{name}/bias", (outputs,)) if bias else y

    def block(self, name, x, outputs, stride=1, extent=None):
        up = (lambda x: last(F.interpolate(first(x), size=extent))) if extent else (lambda x: x)
        a = up(torch.relu(self.norm(f"{name}/before", x)))
        y = torch.relu(self.norm(f"{name}/between", self.conv(f"{name}/conv-0", a, outputs, stride=stride)))
        y = self.conv(f"{name}/conv-1", y, outputs)
        keeps = x.shape[-1] == outputs and stride == 1
        return y + (up(x) if keeps else self.conv(f"{name}/projection", a, outputs, 1, stride))


def resnet_encoder(net, x):
    y = net.conv("first", x, 2)
    y = net.block("stage-0/block-0", y, 2, stride=2)
    y = net.block("stage-0/block-1", y, 2)
    y = net.block("stage-1/block-0", y, 3, stride=2)
    y = net.block("stage-1/block-1", y, 3)
    y = torch.relu(net.norm("last", y)).flatten(1)
    return torch.relu(net.norm("dense-0", net.dense("dense-0", y, 4)))


def resnet_decoder(net, z):
    y = torch.relu(net.norm("dense-0", net.dense("dense-0", z, 4)))
    y = net.dense("maps", y, 2 * 1 * 3).reshape(-1, 2, 1, 3)
    y = net.block("stage-0/block-0", y, 2, extent=(3, 2))
    y = net.block("stage-1/block-0", y, 2, extent=(5, 4))
    return net.conv("output", torch.relu(net.norm("last", y)), 1, bias=True)


def dense_residual_encoder(net, x):
    y = net.dense("first", x, 4)
    for name in ("block-0", "block-1"):
        a = torch.tanh(net.norm(f"{name}/before", y))
        y = y + net.dense(f"{name}/dense-1", torch.tanh(net.norm(f"{name}/between", net.dense(f"{name}/dense-0", a, 4))), 4)
    return torch.tanh(net.norm("last", y))


def dense_residual_decoder(net, z):
    y = net.dense("first", z, 4, True)
    y = y + net.dense("block-0/dense-1", F.elu(net.dense("block-0/dense-0", F.elu(y), 4, True)), 4, True)
    return net.dense("output", F.elu(y), 6, True)


# All maps side by side: of three scales, from an image [5, 4, 1] and a label of three classes.
def unet_encoder(net, x):
    label = torch.eye(3)[[2, 0, 1]].reshape(3, 1, 1, 3).expand(3, 5, 4, 3)
    y = torch.cat([x, label], -1)
    maps = []
    for scale, (outputs, stride) in enumerate(((2, 2), (3, 2), (2, 1))):
        y = torch.tanh(net.conv(f"scale-{scale}/conv-0", y, outputs, 3, stride, True))
        y = torch.tanh(net.conv(f"scale-{scale}/conv-1", y, outputs, 3, 1, True))
        maps.append(y.flatten(1))
    return torch.cat([*maps[:2], torch.tanh(net.dense("dense-0", maps[2], 4, True))], 1)


def network_case(name, x_shape, function, order):
    net = Network()
    function(net, wave(x_shape, 0))
    assert set(order) == set(net.shapes), set(order) ^ set(net.shapes)
    shapes = {key: net.shapes[key] for key in order}

    def apply(x, *values):
        net.values, net.assigned = dict(zip(order, values)), {}
        return function(net, x), net.assigned

    case(name, x_shape, shapes, apply)


# In the order in which the layers declare them.
norm = lambda name: [f"{name}/batch-norm/{part}" for part in ("scale", "shift", "mean", "variance")]
block = lambda name, project=True: [*norm(f"{name}/before"), f"{name}/conv-0/weights", *norm(f"{name}/between"),
                                    f"{name}/conv-1/weights", *([f"{name}/projection/weights"] if project else [])]
network_case("resnet encoder", (3, 5, 4, 1), resnet_encoder, [
    *block("stage-0/block-0"), *block("stage-0/block-1", False), *block("stage-1/block-0"), *block("stage-1/block-1", False),
    "first/weights", *norm("last"), "dense-0/weights", *norm("dense-0")])
network_case("resnet decoder", (4, 3), resnet_decoder, [
    "dense-0/weights", *norm("dense-0"), "maps/weights", *block("stage-0/block-0"), *block("stage-1/block-0", False),
    *norm("last"), "output/weights", "output/bias"])

affine = lambda name: [f"{name}/weights", f"{name}/bias"]
dense_block = lambda name: [*norm(f"{name}/before"), f"{name}/dense-0/weights", *norm(f"{name}/between"), f"{name}/dense-1/weights"]
network_case("unet encoder", (3, 5, 4, 1), unet_encoder, [
    *(each for scale in range(3) for i in range(2) for each in affine(f"scale-{scale}/conv-{i}")), *affine("dense-0")])
network_case("dense-residual encoder", (3, 6), dense_residual_encoder,
             ["first/weights", *dense_block("block-0"), *dense_block("block-1"), *norm("last")])
network_case("dense-residual decoder", (2, 3), dense_residual_decoder,
             [each for name in ("first", "block-0/dense-0", "block-0/dense-1", "output") for each in affine(name)])

points = torch.tensor([[-30, -8, -2.5, -1.2, -0.1], [0.1, 0.7, 2, 9, 30]])
activations = {
    "relu": F.relu, "relu6": F.relu6, "leaky-relu": lambda x: F.leaky_relu(x, 0.01), "elu": F.elu, "selu": F.selu,
    "softplus": F.softplus, "silu": F.silu, "hard-silu": F.hardswish, "gelu": F.gelu,
    "gelu-tanh": lambda x: F.gelu(x, approximate="tanh"), "mish": F.mish, "sigmoid": torch.sigmoid,
    "hard-sigmoid": F.hardsigmoid, "tanh": torch.tanh, "hard-tanh": F.hardtanh, "softsign": F.softsign,
    "softmax": lambda x: F.softmax(x, -1), "identity": lambda x: x,
}
curves = {}
for name, function in activations.items():
    x = points.clone().requires_grad_()
    y = function(x)
    (gradient,) = torch.autograd.grad((y * wave(y.shape, 20)).sum(), x)
    curves[name] = dict(value=y.tolist(), gradient=gradient.tolist())
(Path(__file__).parent.parent / "fixtures" / "activations.json").write_text(
    json.dumps(dict(x=points.tolist(), activations=curves), separators=(",", ":")).replace('},"', '},\n"') + "\n")
write("layers.json", cases)
