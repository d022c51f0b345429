"""The nets of the bench in PyTorch, and the digits that vaelab wrote for it."""

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


def digits(path):
    return torch.from_numpy(np.fromfile(path, dtype=np.float32).reshape(-1, 784))


def layers(sizes, last_activation=True):
    modules = []
    for i, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        modules.append(nn.Linear(inputs, outputs))
        if last_activation or i < len(sizes) - 2:
            modules.append(nn.ReLU())
    return nn.Sequential(*modules)


class Vae(nn.Module):
    """Bernoulli likelihood, diagonal Gaussian posterior; forward is the negative evidence bound in nats an example."""

    def __init__(self, config):
        super().__init__()
        latent = config["latent"]
        self.is_conv = config["net"] == "conv"
        if self.is_conv:
            self.encoder = nn.Sequential(
                nn.Conv2d(1, 32, 4, 2, 1), nn.ReLU(), nn.Conv2d(32, 64, 4, 2, 1), nn.ReLU(), nn.Flatten(),
                nn.Linear(3136, 256), nn.ReLU(),
            )
            self.decoder = nn.Sequential(
                nn.Linear(latent, 256), nn.ReLU(), nn.Linear(256, 3136), nn.ReLU(), nn.Unflatten(1, (64, 7, 7)),
                nn.ConvTranspose2d(64, 32, 4, 2, 1), nn.ReLU(), nn.ConvTranspose2d(32, 1, 4, 2, 1),
            )
            width = 256
        else:
            hidden = config["hidden"]
            self.encoder = layers([784, *hidden])
            self.decoder = layers([latent, *hidden[::-1], 784], last_activation=False)
            width = hidden[-1]
        self.mean = nn.Linear(width, latent)
        self.log_variance = nn.Linear(width, latent)

    def bound(self, x):
        """The negative evidence bound in nats an example, with the draw, the mean and the log-variance of q."""
        features = self.encoder(x)
        mean, log_variance = self.mean(features), self.log_variance(features)
        z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        distortion = F.binary_cross_entropy_with_logits(self.decoder(z), x, reduction="sum")
        rate = -0.5 * torch.sum(1 + log_variance - mean**2 - log_variance.exp())
        return (distortion + rate) / x.shape[0], z, mean, log_variance

    def forward(self, x):
        return self.bound(x)[0]
