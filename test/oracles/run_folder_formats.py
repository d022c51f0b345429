"""Files of the formats that run folders use, written by the reference libraries.

python test/oracles/run_folder_formats.py    (numpy 2.4.6, safetensors 0.8.0)
Writes test/fixtures/run-folder/*: the tests compare our bytes with these, and read these back.
"""
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

folder = Path(__file__).parent.parent / "fixtures" / "run-folder"
folder.mkdir(parents=True, exist_ok=True)

# Written by the tests from the same formulas: row i, column j is (i - j) / 4; counts are 3 i - 5.
matrix = (np.arange(3)[:, None] - np.arange(4)[None, :]).astype(np.float32) / 4
counts = (3 * np.arange(5) - 5).astype(np.int32)
scalar = np.array(-0.0, dtype=np.float32)
doubles = 1 / (1 + np.arange(6, dtype=np.float64)).reshape(1, 6)
empty = np.zeros((0, 7), dtype=np.float32)
names = np.array(["wren", "", "\U0001f986 Ente", "a,b"])
mask = np.arange(5) % 2 == 0

save_file(
    {"decoder/dense-0/weights": matrix, "step": counts, "épsilon": scalar, "empty": empty, "b": matrix[:, :1].copy()},
    folder / "tensors.safetensors",
)
for name, array in {"matrix": matrix, "counts": counts, "scalar": scalar, "doubles": doubles, "empty": empty, "names": names, "mask": mask}.items():
    np.save(folder / f"{name}.npy", array)
np.savez(folder / "stored.npz", matrix=matrix, counts=counts)
np.savez_compressed(folder / "deflated.npz", matrix=matrix, counts=counts, doubles=doubles)
