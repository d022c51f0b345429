"""pythae's own trainer: one "step" here is one epoch of it, timed as users get it. Usage: pythae_train.py DIGITS"""

import logging
import sys
import tempfile

import torch
from pythae_model import pythae_vae
from protocol import serve
from nets import digits
from pythae.data.datasets import BaseDataset
from pythae.trainers import BaseTrainer, BaseTrainerConfig

logging.disable(logging.WARNING)
data = digits(sys.argv[1]).reshape(-1, 1, 28, 28)


def prepare(config):
    model = pythae_vae(config)
    rows = data[: config["steps"] * config["batch"]]
    dataset = BaseDataset(rows, torch.zeros(len(rows)))
    folder = tempfile.mkdtemp()
    settings = BaseTrainerConfig(
        output_dir=folder,
        learning_rate=1e-3,
        per_device_train_batch_size=config["batch"],
        per_device_eval_batch_size=config["batch"],
        optimizer_cls="Adam",
        num_epochs=1,
        no_cuda=True,
    )
    trainer = BaseTrainer(model=model, train_dataset=dataset, eval_dataset=None, training_config=settings)
    trainer.prepare_training()

    def step():
        return trainer.train_step(1)

    step()
    return step


serve(prepare)
