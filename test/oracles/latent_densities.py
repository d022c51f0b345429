"""Densities over latents, their divergences and special functions, by SciPy and mpmath.

python test/oracles/latent_densities.py    (numpy 2.4.6, scipy 1.17.1, mpmath 1.3.0)
Writes test/fixtures/latent-densities.json. Parameters and values are float32 numbers, so that the inputs of both sides are the same.
"""
import json
from pathlib import Path

import mpmath as mp
import numpy as np
from scipy import integrate, special, stats

mp.mp.dps = 25
random = np.random.default_rng(0)
single = lambda x: np.asarray(x, np.float32).astype(float)
draw = lambda *shape: single(np.round(random.normal(size=shape), 3))


def gaussian_kl(m0, s0, m1, s1):
    """1/2 [tr(S1^-1 S0) + d' S1^-1 d - D + ln |S1| / |S0|]."""
    inverse, d = np.linalg.inv(s1), m1 - m0
    log_ratio = np.linalg.slogdet(s1)[1] - np.linalg.slogdet(s0)[1]
    return (np.trace(inverse @ s0) + d @ inverse @ d - len(m0) + log_ratio) / 2


def full_gaussian():
    """Three Gaussians over five correlated elements, one of them far from round, at four points each; and another one."""
    def gaussians(n):
        log_scales, below = draw(n, 5), np.tril(draw(n, 5, 5), -1)
        return draw(n, 5), log_scales, below, [b + np.diag(np.exp(l)) for b, l in zip(below, log_scales)]

    mean, log_scales, below, factors = gaussians(3)
    log_scales[2], below[2] = single([-2, 1.5, -1, 0, 1]), single(3 * below[2])
    factors[2] = below[2] + np.diag(np.exp(log_scales[2]))
    (other_mean,), (other_log_scales,), (other_below,), (other_factor,) = gaussians(1)
    log_variance = 2 * draw(3, 5)
    # Within the mass of each: its own draws, which are float32 numbers afterwards.
    value = single([mean + np.einsum("nij,nj->ni", factors, draw(3, 5)) for _ in range(4)])
    covariances, other = [f @ f.T for f in factors], other_factor @ other_factor.T
    diagonals = [np.diag(np.exp(l)) for l in log_variance]
    each = range(3)
    return dict(
        mean=mean, logScales=log_scales, below=below, value=value, otherMean=other_mean, otherLogScales=other_log_scales,
        otherBelow=other_below, logVariance=log_variance,
        logProb=[[stats.multivariate_normal.logpdf(x[n], mean[n], covariances[n]) for n in each] for x in value],
        variance=[np.diag(s) for s in covariances],
        kl=[gaussian_kl(mean[n], covariances[n], other_mean, other) for n in each],
        klToDiagonal=[gaussian_kl(other_mean, other, mean[n], diagonals[n]) for n in each],
        klFromDiagonal=[gaussian_kl(mean[n], diagonals[n], other_mean, other) for n in each])


def laplace_kl():
    """KL(q || p) as the integral of q ln q / p, in pieces between the kinks."""
    rows = []
    for m, l, other_m, other_l in single([(0, 0, 0, 0.5), (0.4, -0.3, -0.5, 0.2), (-2, 1, 1, -1), (3, -2, 2.5, 1), (0.1, 0, 0.1, 0)]):
        q, p = stats.laplace(m, np.exp(l)), stats.laplace(other_m, np.exp(other_l))
        reach = 40 * np.exp(l)
        edges = np.unique([m - reach, m, other_m, m + reach])
        integrand = lambda x: q.pdf(x) * (q.logpdf(x) - p.logpdf(x))
        kl = sum(integrate.quad(integrand, a, b, epsabs=1e-12, epsrel=1e-12, limit=200)[0] for a, b in zip(edges, edges[1:]))
        rows.append(dict(q=[m, l], p=[other_m, other_l], kl=kl))
    return rows


def bessel():
    """1 - I_{v+1} / I_v and x - ln[Gamma(v + 1) (2 / x)^v I_v] by order, at 25 digits; ln of SciPy's `ive` where it is above 0."""
    x = single(np.concatenate([[1e-4], np.geomspace(1e-2, 1e5, 15)]))
    rows = []
    for order in [0, 0.5, 1, 2.5, 7, 9.5, 10, 31, 127.5, 511]:
        at = lambda f: [float(f(mp.mpf(order), mp.mpf(each))) for each in x]
        ive = special.ive(order, x)
        rows.append(dict(
            order=order,
            logDeficit=at(lambda v, t: t - mp.log(mp.gamma(v + 1) * (2 / t) ** v * mp.besseli(v, t))),
            ratioDeficit=at(lambda v, t: 1 - mp.besseli(v + 1, t) / mp.besseli(v, t)),
            logScaled=[float(np.log(each)) if each > 1e-300 else None for each in ive]))
    return dict(x=x, rows=rows)


def directions(n, dimensions):
    x = random.normal(size=(n, dimensions))
    return single(x / np.linalg.norm(x, axis=-1, keepdims=True))


# Dimensions and concentrations of densities on a sphere.
SPHERES = [(2, 0.3), (2, 900), (3, 1), (3, 10), (5, 3), (5, 4000), (16, 0.01), (16, 12), (64, 40), (64, 2000)]


class VonMisesFisher:
    log_tilt = lambda self, k, t: k * (t - 1)

    def log_prob(self, d, k, z, m):
        return stats.vonmises_fisher(m, k).logpdf(z)


class PowerSpherical:
    log_tilt = lambda self, k, t: k * mp.log((1 + t) / 2 + mp.mpf(10) ** -60)

    def log_prob(self, d, k, z, m):
        """De Cao & Aziz 2020, equations 4 and 5."""
        a, b = (d - 1) / 2 + k, (d - 1) / 2
        constant = (a + b) * np.log(2) + b * np.log(np.pi) + special.gammaln(a) - special.gammaln(a + b)
        return k * np.log1p(z @ m) - constant


def angle_integral(family, d, k, f, edges):
    """Of f(cos a) under the density of the angle a, not normalized: exp(ln tilt) sin^(d - 2) a."""
    return mp.quad(lambda a: f(mp.cos(a)) * mp.exp(family.log_tilt(k, mp.cos(a))) * mp.sin(a) ** (d - 2), edges)


def angle_edges(d, k, to):
    """Pieces that follow the width of the density."""
    width = 1 / mp.sqrt(k + d)
    return [mp.mpf(0)] + sorted({min(to, i * width) for i in [1, 2, 4, 6, 8, 10, 12, 16, 24, 32]} | {to})


def sphere_rows(family):
    """Log-densities, KL to the uniform distribution and E t, both by integrals over the angle."""
    rows = []
    for d, k in SPHERES:
        k = float(np.float32(k))
        (m,) = directions(1, d)
        z = single([m * np.cos(a) + v * np.sin(a) for a in [0, 0.05, 0.4, 1.5, 3] for v in [orthogonal(m)]])
        z = z / np.linalg.norm(z, axis=-1, keepdims=True)
        edges = angle_edges(d, mp.mpf(k), mp.pi)
        moment = lambda f: angle_integral(family, d, mp.mpf(k), f, edges)
        mass, area = moment(lambda t: 1), mp.quad(lambda a: mp.sin(a) ** (d - 2), [0, mp.pi / 2, mp.pi])
        kl = moment(lambda t: family.log_tilt(mp.mpf(k), t)) / mass - mp.log(mass / area)
        unit = m / np.linalg.norm(m)
        rows.append(dict(dimensions=d, concentration=k, direction=m, value=z, logProb=[family.log_prob(d, k, x, unit) for x in z],
                         kl=float(kl), cosine=float(moment(lambda t: t) / mass), squaredCosine=float(moment(lambda t: t * t) / mass)))
    return rows


def orthogonal(m):
    v = random.normal(size=len(m))
    v -= (v @ m) * m
    return v / np.linalg.norm(v)


def quantile_slopes(family):
    """How ln((1 + t) / (1 - t)) of a fixed quantile moves with k: differences of quantiles that root finding gives."""
    rows = []
    for d, k in [(2, 0.3), (2, 50), (3, 2), (5, 300), (16, 0.5), (16, 20)]:
        def quantile(u, k):
            edges = lambda to: angle_edges(d, k, to)
            mass = angle_integral(family, d, k, lambda t: 1, edges(mp.pi))
            above = lambda a: angle_integral(family, d, k, lambda t: 1, edges(a)) / mass - u
            low, high = mp.mpf("1e-8"), mp.pi - mp.mpf("1e-8")
            for _ in range(30):
                middle = (low + high) / 2
                low, high = (middle, high) if above(middle) < 0 else (low, middle)
            a = mp.findroot(above, (low, high), solver="secant", tol=1e-20)
            return a, mp.log((1 + mp.cos(a)) / (1 - mp.cos(a)))

        for u in [0.001, 0.1, 0.5, 0.9, 0.999]:
            step = mp.mpf(k) / 1000
            _, h = quantile(mp.mpf(u), mp.mpf(k))
            slope = (quantile(mp.mpf(u), k + step)[1] - quantile(mp.mpf(u), k - step)[1]) / (2 * step)
            rows.append(dict(dimensions=d, concentration=k, logit=float(h), slope=float(slope)))
    return rows


def wrapped_normal():
    """On the hyperboloid, where the Poincaré ball has the point ((1 + |x|^2), 2 x) / (1 - |x|^2): Nagano et al. 2019, equations 5 to 15."""
    random = np.random.default_rng(1)
    rows = []
    for d, distance, scale in [(1, 0.5, 0.7), (2, 0.3, 1), (2, 5.5, 0.4), (5, 0, 0.8), (5, 2, 1.3), (12, 4, 0.5)]:
        unit = lambda: (lambda x: x / np.linalg.norm(x))(random.normal(size=d))
        m = single(np.tanh(distance / 2) * unit())
        log_scales = single(np.log(scale) + 0.3 * random.normal(size=d))
        value = single([np.tanh(r / 2) * unit() for r in [0, 0.5, 2, 4, 6]] + [m, m * 0.9])
        inner = lambda x, y: x[1:] @ y[1:] - x[0] * y[0]
        lift = lambda x: np.concatenate([[1 + x @ x], 2 * x]) / (1 - x @ x)
        origin, center = lift(np.zeros(d)), lift(m)

        def log_prob(z):
            alpha = max(1, -inner(center, z))
            u = z - alpha * center
            u = u * (np.arccosh(alpha) / np.sqrt(alpha**2 - 1) if alpha > 1 else 1)
            back = -inner(center, origin)
            v = (u + inner(origin - back * center, u) / (back + 1) * (center + origin))[1:]
            r = np.linalg.norm(v)
            return stats.norm.logpdf(v, 0, np.exp(log_scales)).sum() - (d - 1) * (np.log(np.sinh(r) / r) if r > 1e-9 else 0)

        rows.append(dict(center=m, logScales=log_scales, value=value, logProb=[log_prob(lift(x)) for x in value]))
    return rows


families = dict(vonMisesFisher=VonMisesFisher(), powerSpherical=PowerSpherical())
fixture = dict(
    fullGaussian=full_gaussian(), laplaceKl=laplace_kl(), bessel=bessel(),
    spheres={name: dict(rows=sphere_rows(each), slopes=quantile_slopes(each)) for name, each in families.items()},
    wrappedNormal=wrapped_normal())
path = Path(__file__).parent.parent / "fixtures" / "latent-densities.json"
path.write_text(json.dumps(fixture, default=lambda array: array.tolist(), indent=1) + "\n")
