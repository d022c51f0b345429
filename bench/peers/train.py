"""One training step in PyTorch: gather a batch of a shuffled epoch, forward, backward, Adam.
Usage: train.py default|fused|compiled|channels-last DIGITS"""

import sys

import torch
from nets import Vae, digits
from objectives import OBJECTIVES
from protocol import serve
from structures import STRUCTURES

mode, path = sys.argv[1:3]
data = digits(path)


def prepare(config):
    torch.manual_seed(1)
    batch = config["batch"]
    images = data.reshape(-1, 1, 28, 28) if config["net"] == "conv" else data
    structure = STRUCTURES.get(config["net"])
    model = structure() if structure else OBJECTIVES.get(config.get("loss"), Vae)(config)
    if mode == "channels-last":
        model = model.to(memory_format=torch.channels_last)
        images = images.to(memory_format=torch.channels_last)
    adam = {} if mode == "default" else {"fused": True}
    is_adversarial = hasattr(model, "discriminator")
    own = [each for name, each in model.named_parameters() if not name.startswith("discriminator")]
    optimizer = torch.optim.Adam(own, 1e-3, **adam)
    forward = torch.compile(model) if mode == "compiled" else model
    if is_adversarial:
        other = torch.optim.Adam(model.discriminator.parameters(), 1e-4, betas=(0.5, 0.9), **adam)
        discriminate = torch.compile(model.discriminate) if mode == "compiled" else model.discriminate
    state = {"at": 0, "order": torch.randperm(len(images))}

    def step():
        if state["at"] + batch > len(images):
            state.update(at=0, order=torch.randperm(len(images)))
        rows = images[state["order"][state["at"] : state["at"] + batch]]
        state["at"] += batch
        optimizer.zero_grad()
        if not is_adversarial:
            loss = forward(rows)
            loss.backward()
            optimizer.step()
            return loss
        loss, codes = forward(rows)
        # No gradient of the discriminator is wanted here.
        loss.backward(inputs=own)
        optimizer.step()
        other.zero_grad()
        discriminate(codes.detach()).backward()
        other.step()
        return loss

    step()
    step.about = {"parameters": sum(each.numel() for each in model.parameters())}
    return step


serve(prepare)
