"""Fifty training steps of VAEs on digits in PyTorch, from vaelab's first weights, on its batches and with its noise.

python test/oracles/training_steps.py    (torch 2.15.0, numpy 2.4.6; and node, which exports what vaelab begins from)
Writes test/fixtures/training-steps.json.

Models, losses and schedules are written from their formulas, densities and divergences are torch.distributions', clipping is
torch.nn.utils.clip_grad_norm_, the optimizer torch.optim.Adam, all in float64.

Which epsilon: vaelab's Adam is TensorFlow's, lr_t m / (sqrt(v) + e) with lr_t = lr sqrt(1 - b2^t) / (1 - b1^t), e being the
paper's "epsilon hat". PyTorch's is lr m_hat / (sqrt(v_hat) + eps), which is the same where e = eps sqrt(1 - b2^t): 0.03 eps in
the first step, 0.22 eps in the fiftieth. Both default to 1e-8, so PyTorch runs twice: given eps = e / sqrt(1 - b2^t) at every
step, which is vaelab's rule exactly, and as it is, eps = e = 1e-8. Losses of the two differ by less than 5e-5 (asserted), for
where e stands matters only to elements whose gradient is not large beside e / sqrt(1 - b2) = 3e-7: next to none, and those that
are exactly 0 move with neither. Most do in a VampPrior, whose gradients begin near 0 with beta. The case "epsilon" has one that
is large enough to matter, 1e-3: there the two differ by more than 0.01.
"""
import json
import math
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.distributions import Bernoulli, Categorical, Independent, MixtureSameFamily, Normal, kl_divergence

STEPS = 50
BETA1, BETA2 = 0.9, 0.999
FLOOR = 0.001
HERE = Path(__file__).parent
torch.set_num_threads(1)


def spec(binarize="static", prior="gaussian", likelihood="bernoulli", samples=1, epsilon=1e-8, clip_norm=60, **model):
    return dict(
        name="training-steps",
        seed=3,
        data=dict(type="digits", binarize=binarize, train=2000, validation=100, test=100),
        model=dict(latent=8, encoder=dict(type="mlp", hidden=[64]), posterior="diagonal-gaussian", prior=prior,
                   decoder="mlp", likelihood=likelihood),
        objective=dict(type="elbo", beta=dict(type="linear", final=1, steps=40), samples=samples),
        training=dict(epochs=2, batchSize=64, clipNorm=clip_norm,
                      optimizer=dict(type="adam", learningRate=0.001, epsilon=epsilon)),
    )


# 31 steps an epoch: the fifty reach into the second.
SPECS = {
    "bernoulli": spec(),
    "epsilon": spec(epsilon=0.001),
    "mixture": spec("none", prior=dict(type="gaussian-mixture", components=5), samples=3, clip_norm=450,
                    likelihood=dict(type="gaussian", scale=0.5, learn="shared", floor=FLOOR)),
    "vamp": spec(prior=dict(type="vamp", components=10, bound="sigmoid")),
}


def exported():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        (folder / "specs.json").write_text(json.dumps(dict(steps=STEPS, specs=SPECS)))
        subprocess.run(["node", HERE / "export-training-steps.mjs", folder], check=True)
        read = lambda name, array, shape: np.fromfile(folder / name / f"{array.replace('/', '.')}.f32", np.float32).reshape(shape)
        return {name: {array: read(name, array, shape) for array, shape in json.loads((folder / f"{name}.json").read_text()).items()}
                for name in SPECS}


class Vae:
    def __init__(self, spec, arrays, dtype):
        self.prior = spec["model"]["prior"]
        self.likelihood = spec["model"]["likelihood"]
        self.p = {name: nn.Parameter(torch.tensor(a, dtype=dtype)) for name, a in arrays.items() if name not in ("batches", "noise")}

    def dense(self, name, x):
        return x @ self.p[f"{name}/weights"] + self.p[f"{name}/bias"]

    def posterior(self, x):
        h = torch.relu(self.dense("encoder/dense-0", x))
        return Independent(Normal(self.dense("posterior/mean", h), torch.exp(self.dense("posterior/log-variance", h) / 2)), 1)

    def mixture(self):
        if self.prior["type"] == "vamp":
            components = self.posterior(torch.sigmoid(self.p["prior/pseudo-inputs/image"].reshape(-1, 784)))
            logits = torch.zeros(self.prior["components"])
        else:
            components = Independent(Normal(self.p["prior/means"], torch.exp(self.p["prior/log-variances"] / 2)), 1)
            logits = self.p["prior/logits"]
        return MixtureSameFamily(Categorical(logits=logits), components)

    def generated(self, z):
        y = self.dense("decoder/output", torch.relu(self.dense("decoder/dense-0", z)))
        if self.likelihood == "bernoulli":
            return Independent(Bernoulli(logits=y), 1)
        return Independent(Normal(y, FLOOR + torch.exp(self.p["likelihood/log-scale"])), 1)

    def terms(self, x, noise):
        """Distortion and rate in nats an example, over the draws of the first axis of the noise."""
        q = self.posterior(x)
        z = q.mean + q.stddev * noise
        distortion = -self.generated(z).log_prob(x).mean()
        if self.prior == "gaussian":
            standard = Independent(Normal(torch.zeros_like(q.mean), torch.ones_like(q.mean)), 1)
            return distortion, kl_divergence(q, standard).mean()
        return distortion, (q.log_prob(z) - self.mixture().log_prob(z)).mean()


def train(spec, arrays, hat, dtype=torch.float64):
    vae = Vae(spec, arrays, dtype)
    parameters = list(vae.p.values())
    training = spec["training"]
    epsilon = training["optimizer"]["epsilon"]
    optimizer = torch.optim.Adam(parameters, lr=training["optimizer"]["learningRate"], betas=(BETA1, BETA2), eps=epsilon)
    batches, noise = (torch.tensor(arrays[name], dtype=dtype) for name in ("batches", "noise"))
    logged = dict(loss=[], distortion=[], rate=[], gradientNorm=[])
    for step in range(STEPS):
        if hat:
            optimizer.param_groups[0]["eps"] = epsilon / math.sqrt(1 - BETA2 ** (step + 1))
        distortion, rate = vae.terms(batches[step], noise[step])
        loss = distortion + min(step / spec["objective"]["beta"]["steps"], 1) * rate
        optimizer.zero_grad()
        loss.backward()
        norm = nn.utils.clip_grad_norm_(parameters, training["clipNorm"])
        optimizer.step()
        for name, value in dict(loss=loss, distortion=distortion, rate=rate, gradientNorm=norm).items():
            logged[name].append(float(f"{value.item():.8g}"))
    return logged


def apart(a, b):
    return max(abs(x / y - 1) for x, y in zip(a["loss"], b["loss"]))


fixture = {}
for name, arrays in exported().items():
    as_hat, as_it_is = (train(SPECS[name], arrays, hat) for hat in (True, False))
    limit = SPECS[name]["training"]["clipNorm"]
    clipped = sum(norm > limit for norm in as_hat["gradientNorm"])
    single = train(SPECS[name], arrays, True, torch.float32)
    print(f"{name}: losses {as_hat['loss'][0]:.1f} to {as_hat['loss'][-1]:.1f}; {clipped} steps clipped; epsilon's place moves "
          f"losses by {apart(as_it_is, as_hat):.1e}, float32 by {apart(single, as_hat):.1e}")
    assert 10 < clipped < STEPS - 10
    assert apart(as_it_is, as_hat) > 0.01 if name == "epsilon" else apart(as_it_is, as_hat) < 5e-5
    fixture[name] = dict(spec=SPECS[name], **as_hat, lossAsItIs=as_it_is["loss"])
(HERE.parent / "fixtures" / "training-steps.json").write_text(json.dumps(fixture) + "\n")
