"""Metrics of samples, from the implementations that the field uses.

python test/oracles/sample_metrics.py
    (numpy 2.4.6, scipy 1.17.1, scikit-learn 1.9.1, scikit-image 0.26.0, torch 2.15.0, torch-fidelity 0.4.0, prdc 0.2,
    vendi-score 0.0.3)
Writes test/fixtures/sample-metrics.json.
"""
import contextlib
import io
import json
from pathlib import Path

import numpy as np
import prdc
import torch
from scipy.ndimage import gaussian_filter
from skimage.metrics import structural_similarity
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression
from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric
from torch_fidelity.metric_kid import kernel_mmd, kid_features_to_metric
from torch_fidelity.metric_prc import prc_features_to_metric
from vendi_score import vendi

rng = np.random.default_rng(5)
WIDTH = 6
mixing = rng.normal(size=(WIDTH, WIDTH)) * 0.6


def draw(n, shift, scale):
    return np.round(shift + scale * (rng.normal(size=(n, WIDTH)) @ mixing), 4)


# Features after a rectifier, as metrics meet them: some entries, and one whole row, are 0.
real = draw(90, 0.4, 1.0)
fake = draw(70, 0.7, 0.8)
rectified = np.maximum(fake, 0)
rectified[3] = 0


def tensor(points):
    return torch.tensor(points, dtype=torch.float64)


def neighbors(a, b):
    out = {}
    for k in (1, 3, 5):
        with contextlib.redirect_stdout(io.StringIO()):
            naeem = prdc.compute_prdc(a, b, nearest_k=k)
        closed = prc_features_to_metric(
            tensor(b), tensor(a), prc_neighborhood=k, prc_batch_size=32, save_cpu_ram=True, verbose=False
        )
        out[str(k)] = {
            "precision": closed["precision"],
            "recall": closed["recall"],
            "density": float(naeem["density"]),
            "coverage": float(naeem["coverage"]),
        }
    return out


def prd_curve(eval_dist, ref_dist, num_angles):
    """compute_prd of github.com/msmsajjadi/precision-recall-distributions (Apache 2.0), as published."""
    epsilon = 1e-10
    slopes = np.tan(np.linspace(epsilon, np.pi / 2 - epsilon, num=num_angles))
    precision = np.minimum(ref_dist * np.expand_dims(slopes, 1), eval_dist).sum(axis=1)
    return np.clip(precision, 0, 1), np.clip(precision / slopes, 0, 1)


def f_beta(precision, recall, beta):
    return float(np.max((1 + beta**2) * precision * recall / ((beta**2 * precision) + recall + 1e-10)))


p = np.array([0.05, 0.2, 0.3, 0.0, 0.45])
q = np.array([0.25, 0.1, 0.3, 0.35, 0.0])
precision, recall = prd_curve(p, q, 1001)
picked = [0, 1, 100, 499, 500, 501, 900, 1000]

clusters = KMeans(4, init=real[:4], n_init=1, algorithm="lloyd", tol=0).fit(real)

# Two images whose values are in [0, 1], [32, 30]: a blob, and the same with noise and a shift.
y, x = np.mgrid[0:32, 0:30] / 30
first = np.round(np.exp(-((x - 0.5) ** 2 + (y - 0.5) ** 2) * 12), 3)
second = np.round(np.clip(np.roll(first, (2, 1), (0, 1)) * 0.9 + 0.1 * rng.random(first.shape), 0, 1), 3)


def contrast_and_ssim(a, b):
    """The two means that the multi-scale form multiplies; their window is scikit-image's."""
    smooth = lambda image: gaussian_filter(image, 1.5, truncate=3.5)[5:-5, 5:-5]
    ma, mb = smooth(a), smooth(b)
    va, vb, vab = smooth(a * a) - ma**2, smooth(b * b) - mb**2, smooth(a * b) - ma * mb
    cs = (2 * vab + 0.03**2) / (va + vb + 0.03**2)
    light = (2 * ma * mb + 0.01**2) / (ma**2 + mb**2 + 0.01**2)
    return cs.mean(), (light * cs).mean()


def skimage_ssim(a, b):
    return structural_similarity(a, b, data_range=1, gaussian_weights=True, sigma=1.5, use_sample_covariance=False)


pool = torch.nn.AvgPool2d(2)
halved = [pool(torch.tensor(image)[None, None])[0, 0].numpy() for image in (first, second)]
cs1, ssim1 = contrast_and_ssim(first, second)
cs2, ssim2 = contrast_and_ssim(*halved)
assert abs(ssim1 - skimage_ssim(first, second)) < 1e-9 and abs(ssim2 - skimage_ssim(*halved)) < 1e-9
w = np.array([0.0448, 0.2856]) / (0.0448 + 0.2856)

labels = (real @ np.array([1, -1, 0.5, 0, 0, 0.2]) + 0.4 * rng.normal(size=len(real)) > 0).astype(int) + (real[:, 4] > 0.8)
logistic = LogisticRegression(C=0.5, tol=1e-10, max_iter=10000).fit(real, labels)
scores = real @ logistic.coef_.T + logistic.intercept_
logsumexp = np.log(np.exp(scores - scores.max(1, keepdims=True)).sum(1)) + scores.max(1)
objective = (logsumexp - scores[np.arange(len(real)), labels]).sum() + (logistic.coef_**2).sum() / (2 * 0.5)

kid = dict(kid_kernel="poly", kid_kernel_poly_degree=3, kid_kernel_poly_gamma=None, kid_kernel_poly_coef0=1.0)
subsets = kid_features_to_metric(
    tensor(real), tensor(fake), kid_subsets=400, kid_subset_size=40, verbose=False, rng_seed=1, **kid
)
distances = np.sqrt(((fake[:, None] - real[None]) ** 2).sum(-1))
fixture = {
    "width": WIDTH,
    "real": real.ravel().tolist(),
    "fake": fake.ravel().tolist(),
    "neighbors": neighbors(real, fake),
    "frechet": fid_statistics_to_metric(
        fid_features_to_statistics(tensor(real)), fid_features_to_statistics(tensor(fake)), False
    )["frechet_inception_distance"],
    "kernel": {
        "equal": float(kernel_mmd(real[:70], fake, **kid)),
        "subsets": {"size": 40, "count": 400, "mean": subsets["kernel_inception_distance_mean"],
                    "deviation": subsets["kernel_inception_distance_std"]},
    },
    "curve": {
        "fake": p.tolist(), "real": q.tolist(), "angles": 1001, "picked": picked,
        "precision": precision[picked].tolist(), "recall": recall[picked].tolist(),
        "f8": f_beta(precision, recall, 8), "fEighth": f_beta(precision, recall, 1 / 8),
    },
    "clusters": {"assignment": clusters.labels_.tolist(), "inertia": clusters.inertia_},
    "vendi": {"real": float(vendi.score_dual(real)), "rectified": float(vendi.score_dual(rectified))},
    "nearest": distances.min(1).tolist(),
    "images": {
        "height": 32, "width": 30, "first": first.ravel().tolist(), "second": second.ravel().tolist(),
        "ssim": skimage_ssim(first, second), "contrast": cs1, "twoScales": cs1 ** w[0] * ssim2 ** w[1],
    },
    "logistic": {
        "labels": labels.tolist(), "classes": 3, "strength": 0.5, "objective": objective,
        "predicted": logistic.predict(fake).tolist(),
    },
}
path = Path(__file__).parent.parent / "fixtures" / "sample-metrics.json"
path.write_text(json.dumps(fixture) + "\n")
