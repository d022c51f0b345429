"""A ladder of two latents, a posterior with inverse autoregressive layers, and a quantized one, in PyTorch: the models of
examples/ladder-digits.json, iaf-digits.json and vq-digits.json. forward is the negative evidence bound in nats an example."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from nets import layers


def leaky(sizes):
    """Dense layers, each followed by a leaky rectifier."""
    modules = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        modules += [nn.Linear(inputs, outputs), nn.LeakyReLU(0.01)]
    return nn.Sequential(*modules)


def draw(mean, log_variance):
    return mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)


def distortion(logits, x):
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum")


class Gaussian(nn.Module):
    """Mean and log-variance as linear functions of features."""

    def __init__(self, features, latent):
        super().__init__()
        self.mean = nn.Linear(features, latent)
        self.log_variance = nn.Linear(features, latent)

    def forward(self, features):
        return self.mean(features), self.log_variance(features)


class Ladder(nn.Module):
    """z2 is inferred from the image, z1 from the image and z2; z1 is generated from z2, the image from z1."""

    def __init__(self):
        super().__init__()
        self.encoder = leaky([784, 512, 256])
        self.top = Gaussian(256, 8)
        self.below = leaky([256 + 8, 256])
        self.bottom = Gaussian(256, 32)
        self.from_top = leaky([8, 128, 128])
        self.prior = Gaussian(128, 32)
        self.decoder = nn.Sequential(leaky([32, 256, 512]), nn.Linear(512, 784))

    def forward(self, x):
        features = self.encoder(x)
        m2, v2 = self.top(features)
        z2 = draw(m2, v2)
        m1, v1 = self.bottom(self.below(torch.cat([features, z2], 1)))
        z1 = draw(m1, v1)
        p1, w1 = self.prior(self.from_top(z2))
        rate2 = -0.5 * torch.sum(1 + v2 - m2**2 - v2.exp())
        rate1 = -0.5 * torch.sum(1 + v1 - w1 - ((m1 - p1) ** 2 + v1.exp()) / w1.exp())
        return (distortion(self.decoder(z1), x) + rate1 + rate2) / x.shape[0]


class Masked(nn.Linear):
    def __init__(self, inputs, outputs, mask):
        super().__init__(inputs, outputs)
        self.register_buffer("mask", mask.float())

    def forward(self, x):
        return F.linear(x, self.weight * self.mask, self.bias)


class Iaf(nn.Module):
    """y = g x + (1 - g) m, g = sigmoid(s + 2), m and s of the dimensions before, after one of reversed order."""

    def __init__(self, size, hidden, features):
        super().__init__()
        before = torch.arange(size) + 1
        middle = torch.arange(hidden) % max(size - 1, 1) + 1
        self.hidden = Masked(size, hidden, middle[:, None] >= before[None, :])
        self.features = nn.Linear(features, hidden, bias=False)
        self.shift = Masked(hidden, size, before[:, None] > middle[None, :])
        self.scale = Masked(hidden, size, before[:, None] > middle[None, :])

    def forward(self, x, features):
        x = x.flip(1)
        units = torch.tanh(self.hidden(x) + self.features(features))
        raw = self.scale(units) + 2
        gate = torch.sigmoid(raw)
        return (gate * x + (1 - gate) * self.shift(units)).flip(1), F.logsigmoid(raw).sum()


class IafVae(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = layers([784, 512, 256])
        self.base = Gaussian(256, 16)
        self.flow = nn.ModuleList([Iaf(16, 64, 256), Iaf(16, 64, 256)])
        self.decoder = layers([16, 256, 512, 784], last_activation=False)

    def forward(self, x):
        features = self.encoder(x)
        mean, log_variance = self.base(features)
        noise = torch.randn_like(mean)
        z = mean + torch.exp(0.5 * log_variance) * noise
        # The constants of both Gaussians cancel.
        log_q = -0.5 * torch.sum(noise**2 + log_variance)
        for each in self.flow:
            z, log_det = each(z, features)
            log_q = log_q - log_det
        log_p = -0.5 * torch.sum(z**2)
        return (distortion(self.decoder(z), x) + log_q - log_p) / x.shape[0]


class VqVae(nn.Module):
    """16 vectors of 8 dimensions, 64 codes moved by averages, dead ones restarted, under learned code probabilities."""

    def __init__(self, vectors=16, width=8, codes=64, decay=0.99, restart=1.0):
        super().__init__()
        self.vectors, self.width, self.codes = vectors, width, codes
        self.decay, self.restart = decay, restart
        self.encoder = nn.Sequential(layers([784, 512, 256]), nn.Linear(256, vectors * width))
        self.decoder = layers([vectors * width, 256, 512, 784], last_activation=False)
        self.logits = nn.Parameter(torch.zeros(vectors, codes))
        self.register_buffer("book", torch.randn(codes, width))
        self.register_buffer("counts", torch.zeros(codes))
        self.register_buffer("sums", torch.zeros(codes, width))

    @torch.no_grad()
    def learn(self, rows, one_hot):
        self.counts.mul_(self.decay).add_(one_hot.sum(0), alpha=1 - self.decay)
        self.sums.mul_(self.decay).add_(one_hot.t() @ rows, alpha=1 - self.decay)
        used = self.counts > 0
        self.book.copy_(torch.where(used[:, None], self.sums / self.counts.clamp(min=1e-30)[:, None], self.book))
        dead = self.counts < self.restart
        fresh = rows[torch.randint(len(rows), (self.codes,))]
        self.book.copy_(torch.where(dead[:, None], fresh, self.book))
        self.counts.copy_(torch.where(dead, torch.full_like(self.counts, self.restart), self.counts))
        self.sums.copy_(torch.where(dead[:, None], fresh * self.restart, self.sums))

    def forward(self, x):
        rows = self.encoder(x).reshape(-1, self.width)
        with torch.no_grad():
            distances = (self.book**2).sum(1) - 2 * rows @ self.book.t()
            one_hot = F.one_hot(distances.argmin(1), self.codes).float()
            quantized = one_hot @ self.book
        commitment = 0.25 * torch.sum((rows - quantized) ** 2)
        if self.training:
            self.learn(rows, one_hot)
        passed = (rows + (quantized - rows).detach()).reshape(len(x), -1)
        log_p = torch.sum(one_hot.reshape(len(x), self.vectors, self.codes) * F.log_softmax(self.logits, 1))
        return (distortion(self.decoder(passed), x) - log_p + commitment) / x.shape[0]


STRUCTURES = {"ladder": Ladder, "iaf": IafVae, "vq": VqVae}
