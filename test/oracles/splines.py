"""Rational-quadratic splines in float64, each bin as a ratio of quadratic polynomials (Gregory & Delbourgo 1982, equations 2.1 to 2.3).

python test/oracles/splines.py    (numpy 2.4.6, scipy 1.17.1)
Writes test/fixtures/splines.json. Slopes are derivatives of the polynomials, and inverses are roots that bisection finds, so that neither
uses the closed form under test. Inputs are float32 numbers.
"""
import json
from pathlib import Path

import numpy as np
from scipy import optimize, special

random = np.random.default_rng(0)
single = lambda x: np.asarray(x, np.float32).astype(float)
LEAST = 1e-3  # least width and height, as parts of the whole, and least slope


def knots(raw, bound):
    """Widths or heights by a softmax, no smaller than LEAST of the whole."""
    parts = LEAST + (1 - LEAST * len(raw)) * special.softmax(raw)
    return -bound + 2 * bound * np.concatenate([[0], np.cumsum(parts)])


def spline(raw_widths, raw_heights, raw_slopes, bound):
    """P / Q in each bin, polynomials in t on [0, 1], by the values and slopes at its ends."""
    x, y = knots(raw_widths, bound).tolist(), knots(raw_heights, bound).tolist()
    shift = np.log(np.expm1(1 - LEAST))
    slopes = np.concatenate([[1], LEAST + np.logaddexp(0, raw_slopes + shift), [1]]).tolist()
    bins = []
    for k in range(len(raw_widths)):
        width, secant = x[k + 1] - x[k], (y[k + 1] - y[k]) / (x[k + 1] - x[k])
        t, rest = np.poly1d([1, 0]), np.poly1d([-1, 1])
        above = secant * y[k + 1] * t**2 + (y[k] * slopes[k + 1] + y[k + 1] * slopes[k]) * t * rest + secant * y[k] * rest**2
        below = secant * t**2 + (slopes[k] + slopes[k + 1]) * t * rest + secant * rest**2
        bins.append((width, above, below))

    def value_and_slope(at):
        if abs(at) >= bound:
            return at, 1.0
        k = np.searchsorted(x, at, side="right") - 1
        width, above, below = bins[k]
        t = (at - x[k]) / width
        slope = (above.deriv()(t) * below(t) - above(t) * below.deriv()(t)) / below(t) ** 2 / width
        return above(t) / below(t), slope

    return value_and_slope


rows = []
for bins, bound, spread in [(2, 1, 1), (4, 3, 1), (8, 5, 2), (16, 5, 3)]:
    raw = dict(widths=single(spread * random.normal(size=bins)), heights=single(spread * random.normal(size=bins)),
               slopes=single(spread * random.normal(size=bins - 1)))
    f = spline(raw["widths"], raw["heights"], raw["slopes"], bound)
    points = single(np.concatenate([np.linspace(-1.5 * bound, 1.5 * bound, 22), [-bound, bound]]))
    forward = [f(at) for at in points]
    inverse = [at if abs(at) >= bound else optimize.brentq(lambda t: f(t)[0] - at, -bound, bound, xtol=1e-13) for at in points]
    rows.append(dict(bound=bound, **raw, points=points, value=[v for v, _ in forward], logSlope=[np.log(s) for _, s in forward],
                     inverse=inverse, inverseLogSlope=[-np.log(f(at)[1]) for at in inverse]))
path = Path(__file__).parent.parent / "fixtures" / "splines.json"
path.write_text(json.dumps(dict(rows=rows), default=lambda array: array.tolist(), indent=1) + "\n")
