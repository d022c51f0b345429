"""The bench's MLP as pythae takes it."""

import torch
from nets import layers
from pythae.models import VAE, VAEConfig
from pythae.models.base.base_utils import ModelOutput
from pythae.models.nn import BaseDecoder, BaseEncoder
from torch import nn


class Encoder(BaseEncoder):
    def __init__(self, hidden, latent):
        super().__init__()
        self.body = layers([784, *hidden])
        self.mean = nn.Linear(hidden[-1], latent)
        self.log_variance = nn.Linear(hidden[-1], latent)

    def forward(self, x):
        features = self.body(x.reshape(x.shape[0], -1))
        return ModelOutput(embedding=self.mean(features), log_covariance=self.log_variance(features))


class Decoder(BaseDecoder):
    def __init__(self, hidden, latent):
        super().__init__()
        self.body = layers([latent, *hidden[::-1], 784], last_activation=False)

    def forward(self, z):
        return ModelOutput(reconstruction=torch.sigmoid(self.body(z)).reshape(z.shape[0], 1, 28, 28))


def pythae_vae(config):
    settings = VAEConfig(input_dim=(1, 28, 28), latent_dim=config["latent"], reconstruction_loss="bce")
    hidden, latent = config["hidden"], config["latent"]
    return VAE(settings, Encoder(hidden, latent), Decoder(hidden, latent))
