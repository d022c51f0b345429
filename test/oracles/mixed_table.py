"""A table whose five kinds of columns depend on two hidden numbers, with one cell in ten missing.

python test/oracles/mixed_table.py    (numpy 2.4.6)
Writes examples/mixed-table.csv.
"""
import csv
from pathlib import Path

import numpy as np

random = np.random.default_rng(0)
N = 1500
a, b = random.normal(size=(2, N))
noise = lambda scale: scale * random.normal(size=N)
regions = np.array(["north", "south", "west"])
scores = np.stack([1.5 * a, -1.5 * a + b, -2 * b]) + random.gumbel(size=(3, N))
columns = {
    "age": np.round(45 + 10 * a + 5 * b + noise(3), 1),
    "income": np.round(np.exp(10 + 0.6 * a + noise(0.2))).astype(int),
    "visits": random.poisson(random.gamma(4, np.exp(1 + 0.8 * b) / 4)),
    "member": (random.random(N) < 1 / (1 + np.exp(-2 * a - b))).astype(int),
    "region": regions[scores.argmax(0)],
}
known = random.random((N, len(columns))) > 0.1
path = Path(__file__).parents[2] / "examples" / "mixed-table.csv"
with path.open("w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    for i in range(N):
        writer.writerow([values[i] if there else "" for values, there in zip(columns.values(), known[i])])
