"""Convolutions over sequences, and networks of them, by PyTorch in float64.

python test/oracles/sequences.py    (torch 2)
Writes test/fixtures/sequences.json. Weights are [kernel, 1, in, out].
"""
import torch
import torch.nn.functional as F

from waves import compute, same, write

first = lambda x: x.movedim(-1, 1)
last = lambda x: x.movedim(1, -1)
matrices = lambda weights: weights.squeeze(1).permute(2, 1, 0)


def conv(x, weights, bias=0, stride=1, padding="same"):
    ends = same(x.shape[1], weights.shape[0], stride) if padding == "same" else (0, 0)
    return last(F.conv1d(F.pad(first(x), ends), matrices(weights), stride=stride)) + bias


def transposed(x, weights, bias, stride, length):
    whole = last(F.conv_transpose1d(first(x), matrices(weights), stride=stride))
    before, _ = same(length, weights.shape[0], stride)
    return F.pad(whole, (0, 0, 0, length))[:, before:before + length] + bias


def affine(name, *shape, outputs=None):
    return {f"{name}/weights": shape, f"{name}/bias": (outputs or shape[-1],)}


cases = {}
for kernel, stride in ((4, 2), (3, 1), (2, 3)):
    down = -(-7 // stride)
    cases[f"conv1d {kernel} {stride}"] = compute(
        (2, 7, 3), dict(weights=(kernel, 1, 3, 2), bias=(2,)), lambda x, w, b: conv(x, w, b, stride))
    cases[f"conv1d-transpose {kernel} {stride}"] = compute(
        (2, down, 2), dict(weights=(kernel, 1, 3, 2), bias=(3,)), lambda x, w, b: transposed(x, w, b, stride, 7))
cases["conv1d valid"] = compute((2, 7, 3), dict(weights=(3, 1, 3, 2), bias=(2,)), lambda x, w, b: conv(x, w, b, 2, "valid"))


# A sequence [7, 2] and a label of three classes.
def conv_encoder(x, w0, b0, w1, b1, w2, b2):
    y = torch.tanh(conv(torch.tanh(conv(x, w0, b0, 2)), w1, b1, 2))
    return torch.tanh(torch.cat([y.flatten(1), torch.eye(3)[[2, 0, 1]]], 1) @ w2 + b2)


cases["conv encoder"] = compute(
    (3, 7, 2), affine("conv-0", 4, 1, 2, 3) | affine("conv-1", 4, 1, 3, 2) | affine("dense-0", 2 * 2 + 3, 4), conv_encoder)


def conv_decoder(z, w0, b0, w1, b1, w2, b2, w3, b3):
    y = F.elu(F.elu(z @ w0 + b0) @ w1 + b1).reshape(-1, 2, 2)
    return transposed(F.elu(transposed(y, w2, b2, 2, 4)), w3, b3, 2, 7)


cases["conv decoder"] = compute(
    (2, 3), affine("dense-0", 3, 4) | affine("maps", 4, 4) | affine("conv-0", 4, 1, 3, 2, outputs=3)
    | affine("conv-1", 4, 1, 2, 3, outputs=2), conv_decoder)


def block(x, w0, b0, w1, b1, project=None, stride=1):
    a = torch.tanh(x)
    return conv(torch.tanh(conv(a, w0, b0, stride)), w1, b1) + (x if project is None else conv(a, project, 0, stride))


def resnet_encoder(x, w0, b0, w1, b1, project, w2, b2):
    return torch.tanh(block(conv(x, w2, b2), w0, b0, w1, b1, project, 2)).flatten(1)


name = "stage-0/block-0/"
cases["resnet encoder"] = compute(
    (2, 7, 2), affine(f"{name}conv-0", 3, 1, 3, 3) | affine(f"{name}conv-1", 3, 1, 3, 3)
    | {f"{name}projection/weights": (1, 1, 3, 3)} | affine("first", 3, 1, 2, 3), resnet_encoder)


def resnet_decoder(z, w0, b0, w1, b1, w2, b2, w3, b3):
    x = (z @ w0 + b0).reshape(-1, 4, 3)
    up = lambda x: last(F.interpolate(first(x), size=7))
    y = conv(torch.tanh(conv(up(torch.tanh(x)), w1, b1)), w2, b2) + up(x)
    return conv(torch.tanh(y), w3, b3)


cases["resnet decoder"] = compute(
    (2, 3), affine("maps", 3, 12) | affine(f"{name}conv-0", 3, 1, 3, 3) | affine(f"{name}conv-1", 3, 1, 3, 3)
    | affine("output", 3, 1, 3, 2), resnet_decoder)
write("sequences.json", cases)
