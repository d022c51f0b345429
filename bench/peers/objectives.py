"""Objectives beyond the evidence bound of one draw, in PyTorch, each on the same dense VAE. forward is the loss in nats an example."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from nets import Vae


def log_normal(z, mean, log_variance):
    return -0.5 * (math.log(2 * math.pi) + log_variance + (z - mean) ** 2 / log_variance.exp())


class Iwae(Vae):
    """Burda et al. 2016, eq. 8, by the gradient of the bound."""

    def __init__(self, config):
        super().__init__(config)
        self.samples = config["objective"]["samples"]

    def forward(self, x):
        features = self.encoder(x)
        mean, log_variance = self.mean(features), self.log_variance(features)
        noise = torch.randn(self.samples, *mean.shape)
        z = mean + torch.exp(0.5 * log_variance) * noise
        # The constants of both Gaussians cancel.
        log_ratio = 0.5 * (noise**2 + log_variance - z**2).sum(-1)
        logits = self.decoder(z)
        log_likelihood = -F.binary_cross_entropy_with_logits(logits, x.expand_as(logits), reduction="none").sum(-1)
        return (math.log(self.samples) - torch.logsumexp(log_likelihood + log_ratio, 0)).mean()


class BetaTc(Vae):
    """Chen et al. 2018 by weighted sampling; the weight of the total correlation is beta - 1."""

    def __init__(self, config):
        super().__init__(config)
        self.weight, self.size = config["regularizers"][0]["weight"], config["size"]

    def forward(self, x):
        loss, z, mean, log_variance = self.bound(x)
        pairs = log_normal(z[:, None], mean[None], log_variance[None])
        constant = math.log(x.shape[0] * self.size)
        joint = torch.logsumexp(pairs.sum(2), 1) - constant
        product = (torch.logsumexp(pairs, 1) - constant).sum(1)
        return loss + self.weight * (joint - product).mean()


class Factor(Vae):
    """Kim & Mnih 2018; codes of the same batch, permuted, train the discriminator. forward gives the codes too."""

    def __init__(self, config):
        super().__init__(config)
        (own,) = config["regularizers"]
        self.weight = own["weight"]
        widths = [config["latent"], *own["hidden"]]
        hidden = [part for a, b in zip(widths, widths[1:]) for part in (nn.Linear(a, b), nn.LeakyReLU(0.01))]
        self.discriminator = nn.Sequential(*hidden, nn.Linear(widths[-1], 1))

    def forward(self, x):
        loss, z, _, _ = self.bound(x)
        return loss + self.weight * self.discriminator(z).mean(), z

    def discriminate(self, z):
        order = torch.rand_like(z).argsort(0)
        permuted = torch.gather(z, 0, order)
        return (F.softplus(-self.discriminator(z)).mean() + F.softplus(self.discriminator(permuted)).mean()) / 2


OBJECTIVES = {"iwae": Iwae, "beta-tc": BetaTc, "factor": Factor}
