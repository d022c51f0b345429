"""Bulk work of a model with first weights: 100,000 samples drawn, or as many digits encoded, in batches of 1,000.
Usage: bulk.py sample|encode DIGITS"""

import sys

import torch
from nets import Vae, digits
from protocol import serve

mode, path = sys.argv[1:3]
data = digits(path)
BATCH = 1000


def prepare(config):
    torch.manual_seed(1)
    model = Vae({**config, "net": "mlp"}).eval()
    count, latent = config["count"], config["latent"]

    def sample():
        out = torch.empty(count, 784)
        for start in range(0, count, BATCH):
            means = torch.sigmoid(model.decoder(torch.randn(BATCH, latent)))
            out[start : start + BATCH] = torch.bernoulli(means)
        return out.numel()

    def encode():
        out = torch.empty(count, latent)
        for start in range(0, count, BATCH):
            rows = torch.arange(start, start + BATCH) % len(data)
            out[start : start + BATCH] = model.mean(model.encoder(data[rows]))
        return out.numel()

    def step():
        with torch.inference_mode():
            return sample() if mode == "sample" else encode()

    return step


serve(prepare)
