"""Penalties on codes by their definitions, in float64.

python test/oracles/regularizers.py    (numpy 2.4.6, scipy 1.17.1)
Writes test/fixtures/regularizers.json. Inputs are float32 numbers, so that the inputs of both sides are the same.
"""
import json
from itertools import permutations, product
from pathlib import Path

import numpy as np
from scipy import stats
from scipy.optimize import linear_sum_assignment
from scipy.special import logsumexp

random = np.random.default_rng(0)
draw = lambda *shape: np.asarray(np.round(random.normal(size=shape), 3), np.float32).astype(float)


def total_correlation():
    """A batch of 4 of 10 examples with 3 dimensions: ln q(z_i,d | x_j), and estimates of the density of each draw.

    Stratified sampling (Chen et al. 2018, appendix C.2) weighs the example itself by 1/N, the last of the M others by (N - M)/(N M), and
    the rest by 1/M. Here its mean over all orders of the others.
    """
    size, batch, width = 10, 4, 3
    mean, scale, z = draw(batch, width), np.exp(draw(batch, width) / 4), draw(batch, width)
    log_q = stats.norm.logpdf(z[:, None], mean, scale)
    weighted = dict(joint=logsumexp(log_q.sum(2), axis=1) - np.log(size * batch),
                    product=(logsumexp(log_q, axis=1) - np.log(size * batch)).sum(1))

    def stratified(density):
        others = batch - 1
        result = np.zeros(batch)
        for i in range(batch):
            orders = list(permutations([j for j in range(batch) if j != i]))
            for order in orders:
                weights = np.full(batch, 1 / others)
                weights[i], weights[order[-1]] = 1 / size, (size - others) / (size * others)
                result[i] += weights @ density[i] / len(orders)
        return np.log(result)

    return dict(size=size, logQ=log_q, weighted=weighted,
                stratified=dict(joint=stratified(np.exp(log_q.sum(2))),
                                product=sum(stratified(np.exp(log_q[:, :, d])) for d in range(width))))


def covariances():
    """Six means and variances, the covariance of the means and of the aggregate, and the penalties with a diagonal weight of 10 and 1."""
    mean, variance = draw(6, 3), np.exp(draw(3) / 2)
    ofmeans = np.cov(mean.T, bias=True)

    def penalty(covariance, diagonal):
        off = covariance - np.diag(np.diag(covariance))
        return (off ** 2).sum() + diagonal * ((np.diag(covariance) - 1) ** 2).sum()

    return dict(mean=mean, variance=variance, dipI=penalty(ofmeans, 10), dipII=penalty(ofmeans + np.diag(variance), 1))


def independence():
    """tr(K H L H) / n^2 of two variables, and the criterion of three by sums over all tuples of rows (Pfister et al. 2018, section 2)."""
    n = 5
    x = draw(n, 3)
    kernels = [np.exp(-(x[:, [k]] - x[:, k]) ** 2 / 2) for k in range(3)]
    centering = np.eye(n) - 1 / n
    pair = np.trace(kernels[0] @ centering @ kernels[1] @ centering) / n ** 2
    joint = np.mean([np.prod([k[i, j] for k in kernels]) for i in range(n) for j in range(n)])
    apart = np.prod([k.mean() for k in kernels])
    crossed = np.mean([np.prod([k[i, j[l]] for l, k in enumerate(kernels)])
                       for i in range(n) for j in product(range(n), repeat=3)])
    return dict(x=x, kernels=kernels, pair=pair, triple=joint + apart - 2 * crossed)


def sliced_wasserstein():
    """Mean squared 2-Wasserstein distance of projections, by an optimal assignment in each direction."""
    x, y, directions = draw(6, 3), draw(6, 3), draw(4, 3)
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    distances = []
    for direction in directions:
        cost = (x @ direction[:, None] - y @ direction) ** 2
        rows, columns = linear_sum_assignment(cost)
        distances.append(cost[rows, columns].mean())
    return dict(x=x, y=y, directions=directions, distance=np.mean(distances))


fixture = dict(totalCorrelation=total_correlation(), covariances=covariances(), independence=independence(),
               slicedWasserstein=sliced_wasserstein())
path = Path(__file__).parent.parent / "fixtures" / "regularizers.json"
path.write_text(json.dumps(fixture, default=lambda array: array.tolist(), indent=1) + "\n")
