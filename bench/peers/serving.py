"""POST /encode of a dense VAE by FastAPI and PyTorch: posterior means and log-variances of {"examples": [[...], ...]}.
Usage: uvicorn serving:app, with BENCH_THREADS threads of PyTorch."""

import os

import torch
from fastapi import FastAPI
from nets import Vae
from pydantic import BaseModel

torch.set_num_threads(int(os.environ["BENCH_THREADS"]))
torch.manual_seed(1)
model = Vae({"net": "mlp", "hidden": [512, 256], "latent": 20}).eval()
app = FastAPI()


class Request(BaseModel):
    examples: list[list[float]]


@app.post("/encode")
async def encode(request: Request):
    with torch.inference_mode():
        features = model.encoder(torch.tensor(request.examples))
        return {"mean": model.mean(features).tolist(), "logVariance": model.log_variance(features).tolist()}
