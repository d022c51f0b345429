"""Quantization with codebooks that follow moving averages, in float64 by SciPy's nearest-code search.

python test/oracles/codebooks.py    (numpy 2.4.6, scipy 1.17.1)
Writes test/fixtures/codebooks.json.
"""
import json
from pathlib import Path

import numpy as np
from scipy.cluster.vq import vq

random = np.random.default_rng(5)
draw = lambda *shape: np.round(random.normal(size=shape), 2)
DECAY = 0.9


def learn(codebook, counts, sums, x, codes):
    """One step of the averages (van den Oord et al. 2017, appendix A.1), from 0 without a correction for bias."""
    hot = np.eye(len(codebook))[codes]
    counts, sums = DECAY * counts + (1 - DECAY) * hot.sum(0), DECAY * sums + (1 - DECAY) * hot.T @ x
    used = counts > 0
    codebook = codebook.copy()
    codebook[used] = sums[used] / counts[used, None]
    return codebook, counts, sums


def trained(codebook, batches):
    """The codes of each batch before it moves the codebook, and the codebook after the last."""
    counts, sums, codes = np.zeros(len(codebook)), np.zeros_like(codebook), []
    start = codebook
    for x in batches:
        found, _ = vq(x, codebook)
        codes.append(found)
        codebook, counts, sums = learn(codebook, counts, sums, x, found)
    return dict(start=start, batches=batches, codes=codes, vectors=codebook, counts=counts, sums=sums)


def residual(x, codebooks):
    """Levels of codes, and the partial sums of their vectors."""
    left, codes, partial, sums = x.copy(), [], np.zeros_like(x), []
    for codebook in codebooks:
        found, _ = vq(left, codebook)
        codes.append(found)
        partial = partial + codebook[found]
        left = x - partial
        sums.append(partial)
    commitment = sum(((x - each) ** 2).sum() for each in sums)
    return dict(x=x, codebooks=codebooks, codes=np.stack(codes, 1), value=partial, squaredDistances=commitment)


def grouped(x, codebooks):
    parts = np.split(x, len(codebooks), 1)
    codes = [vq(part, codebook)[0] for part, codebook in zip(parts, codebooks)]
    value = np.concatenate([codebook[found] for codebook, found in zip(codebooks, codes)], 1)
    return dict(x=x, codebooks=codebooks, codes=np.stack(codes, 1), value=value, squaredDistance=((x - value) ** 2).sum())


fixture = dict(
    decay=DECAY,
    # The last of the six codes is too far away to be used.
    averages=trained(np.concatenate([draw(5, 3), np.full((1, 3), 9.0)]), [draw(12, 3) for _ in range(4)]),
    residual=residual(draw(8, 3), [draw(4, 3), 0.5 * draw(4, 3), 0.25 * draw(4, 3)]),
    grouped=grouped(draw(8, 4), [draw(5, 2), draw(5, 2)]),
)
path = Path(__file__).parent.parent / "fixtures" / "codebooks.json"
path.write_text(json.dumps(fixture, default=lambda array: array.tolist(), indent=1) + "\n")
