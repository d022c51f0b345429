"""Trains one of pythae's models by its own trainer and leaves the weights of its best epoch, under vaelab's names, in a folder.
Usage: pythae_weights.py DIGITS-FOLDER OUT VAE|BetaVAE|VAMP SEED EPOCHS [--begin-as-vaelab] [NAME=VALUE of the model's config]...
With --begin-as-vaelab first weights are drawn by vaelab's rules; else they are as pythae and PyTorch draw them."""

import json
import logging
import sys
import tempfile
from pathlib import Path

import pythae.models
import torch
from nets import digits
from pythae.data.datasets import BaseDataset
from pythae.trainers import BaseTrainer, BaseTrainerConfig
from pythae_model import Decoder, Encoder
from torch import nn
from torch.utils.data import DataLoader

logging.disable(logging.WARNING)
folder, out, name, seed, epochs = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
begin_as_vaelab = "--begin-as-vaelab" in sys.argv
extra = {key: json.loads(value) for key, value in (each.split("=") for each in sys.argv[6:] if "=" in each)}
HIDDEN, LATENT, BATCH, SCORED, DRAWS = [512, 256], 16, 128, 100, 500
train, validation, test = (digits(folder / f"{split}.f32").reshape(-1, 1, 28, 28) for split in ("train", "validation", "test"))


class WholeBatches(BaseTrainer):
    """As many steps an epoch as vaelab takes: what is left over of an epoch's order is not a batch."""

    def get_train_dataloader(self, train_dataset):
        return DataLoader(
            train_dataset, BATCH, shuffle=True, drop_last=True, collate_fn=super().get_train_dataloader(train_dataset).collate_fn
        )


def begin(model):
    """He normal before a rectifier, Glorot uniform elsewhere, biases 0; pseudo-inputs are training examples."""
    for linear in (each for part in (model.encoder, model.decoder) for each in part.modules() if isinstance(each, nn.Linear)):
        nn.init.xavier_uniform_(linear.weight)
        nn.init.zeros_(linear.bias)
    for part in (model.encoder, model.decoder):
        for i in range(len(HIDDEN)):
            nn.init.kaiming_normal_(part.body[2 * i].weight, nonlinearity="relu")
    if name == "VAMP":
        pseudo_inputs = model.pseudo_inputs[0]
        with torch.no_grad():
            chosen = torch.randperm(len(train))[: pseudo_inputs.in_features]
            pseudo_inputs.weight.copy_(train[chosen].reshape(len(chosen), -1).T)
            pseudo_inputs.bias.zero_()


# The trainer seeds too, but only once the weights are drawn.
torch.manual_seed(seed)
settings = getattr(pythae.models, f"{name}Config")(
    input_dim=(1, 28, 28), latent_dim=LATENT, reconstruction_loss="bce", **extra
)
model = getattr(pythae.models, name)(settings, Encoder(HIDDEN, LATENT), Decoder(HIDDEN, LATENT))
if begin_as_vaelab:
    begin(model)
trainer = WholeBatches(
    model=model,
    train_dataset=BaseDataset(train, torch.zeros(len(train))),
    eval_dataset=BaseDataset(validation, torch.zeros(len(validation))),
    training_config=BaseTrainerConfig(
        output_dir=tempfile.mkdtemp(),
        learning_rate=1e-3,
        per_device_train_batch_size=BATCH,
        per_device_eval_batch_size=len(validation),
        optimizer_cls="Adam",
        num_epochs=epochs,
        no_cuda=True,
        seed=seed,
    ),
)
trainer.train()
best = trainer._best_model.eval()


def write(name, tensor):
    tensor.detach().contiguous().numpy().tofile(out / f"{name.replace('/', '.')}.f32")


def write_dense(name, linear):
    write(f"{name}/weights", linear.weight.T)
    write(f"{name}/bias", linear.bias)


out.mkdir(parents=True, exist_ok=True)
for i in range(len(HIDDEN)):
    write_dense(f"encoder/dense-{i}", best.encoder.body[2 * i])
    write_dense(f"decoder/dense-{i}", best.decoder.body[2 * i])
write_dense("decoder/output", best.decoder.body[2 * len(HIDDEN)])
write_dense("posterior/mean", best.encoder.mean)
write_dense("posterior/log-variance", best.encoder.log_variance)
if name == "VAMP":
    # A linear layer on the identity: its columns and bias are the pseudo-inputs, before the hard tanh that vaelab has too.
    write("prior/pseudo-inputs/image", best.pseudo_inputs[0](best.idle_input))
with torch.inference_mode():
    own = -best.get_nll(test[:SCORED], n_samples=DRAWS, batch_size=DRAWS)
(out / "own.json").write_text(json.dumps({"nll": float(own), "examples": SCORED, "steps": len(trainer.train_loader) * epochs}))
