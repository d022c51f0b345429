"""Student's t, its intervals, and principal components, from SciPy and numpy.

python test/oracles/statistics_and_components.py    (numpy 2.4.6, scipy 1.17.1)
Writes test/fixtures/statistics.json.
"""
import json
from pathlib import Path

import numpy as np
from scipy import stats

critical = [
    {"level": level, "degreesOfFreedom": nu, "t": stats.t.ppf((1 + level) / 2, nu)}
    for level in (0.5, 0.9, 0.95, 0.99, 0.999)
    for nu in (1, 2, 3, 4, 5, 9, 10, 29, 30, 99, 1000, 12345)
]
values = [2.5, -1.25, 4.0, 3.75, 0.5]
low, high = stats.t.interval(0.95, len(values) - 1, loc=np.mean(values), scale=stats.sem(values))

# x[i, j] = sin(1 + 3 i + 7 j + i j) * (5 - j)
i, j = np.arange(12)[:, None], np.arange(5)[None, :]
x = np.sin(1 + 3 * i + 7 * j + i * j) * (5 - j)
eigenvalues, vectors = np.linalg.eigh(np.cov(x.T, bias=True))
order = np.argsort(-eigenvalues)
components = [v * np.sign(v[np.argmax(np.abs(v))]) for v in vectors.T[order]]
fixture = {
    "critical": critical,
    "interval": {"values": values, "mean": np.mean(values), "low": low, "high": high, "standardError": stats.sem(values)},
    "components": {
        "variances": eigenvalues[order].tolist(),
        "components": [c.tolist() for c in components],
        "projection": ((x - x.mean(0)) @ np.array(components[:2]).T).tolist(),
    },
}
path = Path(__file__).parent.parent / "fixtures" / "statistics.json"
path.write_text(json.dumps(fixture, indent=1) + "\n")
