"""One training step in PyTorch: gather a batch of a shuffled epoch, forward, backward, Adam.
Usage: train.py default|fused|compiled|channels-last DIGITS"""

import sys

import torch
from nets import Vae, digits
from protocol import serve
from structures import STRUCTURES

mode, path = sys.argv[1:3]
data = digits(path)


def prepare(config):
    torch.manual_seed(1)
    batch = config["batch"]
    images = data.reshape(-1, 1, 28, 28) if config["net"] == "conv" else data
    structure = STRUCTURES.get(config["net"])
    model = structure() if structure else Vae(config)
    if mode == "channels-last":
        model = model.to(memory_format=torch.channels_last)
        images = images.to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(model.parameters(), 1e-3, **({} if mode == "default" else {"fused": True}))
    forward = torch.compile(model) if mode == "compiled" else model
    state = {"at": 0, "order": torch.randperm(len(images))}

    def step():
        if state["at"] + batch > len(images):
            state.update(at=0, order=torch.randperm(len(images)))
        rows = images[state["order"][state["at"] : state["at"] + batch]]
        state["at"] += batch
        optimizer.zero_grad()
        loss = forward(rows)
        loss.backward()
        optimizer.step()
        return loss

    step()
    step.about = {"parameters": sum(each.numel() for each in model.parameters())}
    return step


serve(prepare)
