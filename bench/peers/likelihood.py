"""Negative log-likelihood by importance sampling of the model that vaelab left in a folder.
Usage: likelihood.py pythae|batched FOLDER"""

import math
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from protocol import serve
from pythae_model import pythae_vae

mode, folder = sys.argv[1], Path(sys.argv[2])


def read(name):
    return torch.from_numpy(np.fromfile(folder / f"{name}.f32", dtype=np.float32))


def load(linear, name):
    with torch.no_grad():
        linear.weight.copy_(read(f"{name}.weights").reshape(linear.in_features, linear.out_features).T)
        linear.bias.copy_(read(f"{name}.bias"))


def load_model(config):
    model = pythae_vae(config).eval()
    hidden = len(config["hidden"])
    for i in range(hidden):
        load(model.encoder.body[2 * i], f"encoder.dense-{i}")
        load(model.decoder.body[2 * i], f"decoder.dense-{i}")
    load(model.decoder.body[2 * hidden], "decoder.output")
    load(model.encoder.mean, "posterior.mean")
    load(model.encoder.log_variance, "posterior.log-variance")
    return model


def batched(model, images, samples, chunk=50):
    """Every digit encoded once; `chunk` draws of all digits decoded together."""
    code = model.encoder(images)
    mean, log_variance = code.embedding, code.log_covariance
    logs = []
    for _ in range(samples // chunk):
        noise = torch.randn(chunk, *mean.shape)
        z = mean + torch.exp(0.5 * log_variance) * noise
        logits = model.decoder.body(z.reshape(-1, z.shape[-1])).reshape(chunk, len(images), 784)
        likelihood = -F.binary_cross_entropy_with_logits(logits, images.expand_as(logits), reduction="none").sum(-1)
        logs.append(likelihood + 0.5 * (noise**2 + log_variance - z**2).sum(-1))
    return -(torch.logsumexp(torch.cat(logs), 0) - math.log(samples)).mean()


def prepare(config):
    torch.manual_seed(1)
    model = load_model(config)
    images = read("images").reshape(-1, 784)
    samples = config["samples"]

    def step():
        with torch.inference_mode():
            if mode == "pythae":
                return -model.get_nll(images.reshape(-1, 1, 28, 28), n_samples=samples, batch_size=config["pythaeBatch"])
            return batched(model, images, samples)

    return step


serve(prepare)
