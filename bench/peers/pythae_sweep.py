"""The ten trials of examples/digits-beta.json with pythae: train, refit the encoder at beta 1, and score, as its users would, in
one process. Usage: pythae_sweep.py DIGITS-FOLDER"""

import copy
import logging
import sys
import tempfile
from pathlib import Path

import torch
from nets import digits
from pythae.data.datasets import BaseDataset
from pythae.models import BetaVAE, BetaVAEConfig
from pythae.trainers import BaseTrainer, BaseTrainerConfig
from pythae_model import Decoder, Encoder

logging.disable(logging.WARNING)
torch.set_num_threads(2)
folder = Path(sys.argv[1])
train, test = (digits(folder / f"{name}.f32").reshape(-1, 1, 28, 28) for name in ("train", "test"))
HIDDEN, LATENT, BATCH, SAMPLES = [256, 128], 16, 128, 100


def fit(model, epochs, seed):
    settings = BaseTrainerConfig(
        output_dir=tempfile.mkdtemp(),
        learning_rate=1e-3,
        per_device_train_batch_size=BATCH,
        per_device_eval_batch_size=BATCH,
        optimizer_cls="Adam",
        num_epochs=epochs,
        no_cuda=True,
        seed=seed,
    )
    dataset = BaseDataset(train, torch.zeros(len(train)))
    BaseTrainer(model=model, train_dataset=dataset, eval_dataset=None, training_config=settings).train()


def trial(beta, seed):
    torch.manual_seed(seed)
    settings = BetaVAEConfig(input_dim=(1, 28, 28), latent_dim=LATENT, reconstruction_loss="bce", beta=beta)
    model = BetaVAE(settings, Encoder(HIDDEN, LATENT), Decoder(HIDDEN, LATENT))
    fit(model, 10, seed)
    refitted = copy.deepcopy(model)
    refitted.beta = 1.0
    for parameter in refitted.decoder.parameters():
        parameter.requires_grad = False
    fit(refitted, 3, seed)
    model.eval(), refitted.eval()
    with torch.inference_mode():
        code = model.encoder(test)
        log_variance = code.log_covariance
        rate = -0.5 * torch.sum(1 + log_variance - code.embedding**2 - log_variance.exp(), -1).mean()
        z = code.embedding + torch.exp(0.5 * log_variance) * torch.randn_like(log_variance)
        means = model.decoder(z).reconstruction
        distortion = torch.nn.functional.binary_cross_entropy(means, test, reduction="sum") / len(test)
        active = (code.embedding.var(0) > 0.01).sum()
        nll = [each.get_nll(test, n_samples=SAMPLES, batch_size=SAMPLES) for each in (model, refitted)]
    print(f"beta {beta} seed {seed}: rate {rate:.2f} distortion {distortion:.2f} active {active} log-likelihood {nll[0]:.2f} {nll[1]:.2f}", flush=True)


for beta in (0.1, 0.3, 1.0, 3.0, 10.0):
    for seed in (1, 2):
        trial(beta, seed)
