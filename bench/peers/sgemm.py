"""The machine's sgemm limit: milliseconds of a product of two square matrices of float32. Usage: sgemm.py"""

import torch
from protocol import serve


def prepare(config):
    size = config["size"]
    a, b, c = torch.rand(size, size), torch.rand(size, size), torch.empty(size, size)

    def step():
        torch.mm(a, b, out=c)

    step()
    return step


serve(prepare)
