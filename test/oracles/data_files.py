"""Data files as others write them, for the data sets that read files: numpy, Python's gzip and csv modules, Pillow.

Writes test/fixtures/data/ and, in expected.json, what a reader should find, computed from the arrays themselves.
Run: python test/oracles/data_files.py (numpy, scikit-learn, Pillow)
"""

import csv
import gzip
import hashlib
import json
import math
import shutil
import struct
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from sklearn.datasets import load_digits

folder = Path(__file__).parent.parent / "fixtures" / "data"
shutil.rmtree(folder, ignore_errors=True)
folder.mkdir(parents=True)
expected = {}

# 160 real digits of 8 x 8 pixels, as bytes: 120 to train on, 40 as an official test set.
digits = load_digits()
images = (digits.images[:160] * 255 // 16).astype(np.uint8)
labels = digits.target[:160].astype(np.uint8)
parts = {"train": (images[:120], labels[:120]), "test": (images[120:], labels[120:])}


def idx(array, code):
    return struct.pack(">BBBB", 0, 0, code, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


for name, (x, y) in parts.items():
    (folder / f"{name}-images.idx3-ubyte").write_bytes(idx(x, 0x08))
    (folder / f"{name}-labels.idx1-ubyte").write_bytes(idx(y, 0x08))
    (folder / f"{name}-images.idx3-ubyte.gz").write_bytes(gzip.compress(idx(x, 0x08), mtime=0))
    (folder / f"{name}-labels.idx1-ubyte.gz").write_bytes(gzip.compress(idx(y, 0x08), mtime=0))
    expected[name] = {
        "pixels": hashlib.sha256(x.tobytes()).hexdigest(),
        "labels": y.tolist(),
        "sum": int(x.sum()),
    }
np.savez_compressed(
    folder / "digits.npz",
    **{f"x_{name}": x for name, (x, _) in parts.items()},
    **{f"y_{name}": y for name, (_, y) in parts.items()},
    bits=images[:120] > 127,
)
np.save(folder / "images.npy", images[:120])
np.save(folder / "labels.npy", labels[:120].astype(np.int64))

# One array of 100 x 3 in every element type; the tests know the formula.
table = np.array([[row - 40, (row * 7) % 11, row / 8] for row in range(100)])
for name in ["<f4", ">f4", "<f8", ">f8", "<i2", ">i2", "<i4", ">i4", "<i8", ">i8", "|i1", "|u1", "<u2", "<u4", "<u8", "|b1"]:
    array = (np.abs(table) if "u" in name else table).astype(name)
    np.save(folder / f"numbers-{name.replace('<', 'little-').replace('>', 'big-').replace('|', '')}.npy", array)
for name, code in [(">i2", 0x0B), (">i4", 0x0C), (">f4", 0x0D), (">f8", 0x0E), ("|i1", 0x09)]:
    (folder / f"numbers-{code:02x}.idx").write_bytes(idx(table.astype(name), code))
np.save(folder / "fortran.npy", np.asfortranarray(table))
np.save(folder / "fortran-big-i2.npy", np.asfortranarray(table.astype(">i2")))
np.save(folder / "half.npy", table.astype(np.float16))
np.save(folder / "half-edges.npy", np.array([[0, -0.0, 2**-24, -(2**-14)], [65504, 1 / 3, -1, 1023 * 2**-24]], np.float16))
with open(folder / "version-2.npy", "wb") as file:
    np.lib.format.write_array(file, table, version=(2, 0))
# Labels of 40 examples in each form that people save them in; row i is of class i % 4.
kinds = np.arange(40) % 4
np.save(folder / "labels-letters.npy", kinds + 1)
np.save(folder / "labels-gapped.npy", np.array([30, 2, 10, 7], "i2")[kinds])
np.save(folder / "labels-text.npy", np.array(["dog", "cat", "Ente \U0001f986", "10"])[kinds])
np.save(folder / "labels-bytes.npy", np.array(["dog", "cat", "émeu".encode(), "10"], "S")[kinds])
np.save(folder / "labels-big-text.npy", np.array(["dog", "cat", "", "10"])[kinds].astype(">U3"))
np.save(folder / "labels-floats.npy", np.array([0.1, 2.5, -1.5, np.nan], "f4")[kinds])
np.save(folder / "labels-unlabeled.npy", np.array([3, 0, -1, 1])[kinds])
np.save(folder / "labels-signs.npy", np.where(kinds == 0, -1, 1))
np.save(folder / "labels-booleans.npy", kinds == 2)
np.save(folder / "labels-measured.npy", np.arange(120) / 7)
np.save(folder / "labels-values.npy", np.arange(80, dtype="f4").reshape(40, 2))
# Colored images of 4 x 6 pixels as TensorFlow (channels last) and PyTorch (channels first) lay them out.
colors = (np.arange(20 * 4 * 6 * 3).reshape(20, 4, 6, 3) * 7 % 256).astype(np.uint8)
np.save(folder / "channels-last.npy", colors)
np.save(folder / "channels-first.npy", np.ascontiguousarray(colors.transpose(0, 3, 1, 2)))
np.save(folder / "channels-first-fortran.npy", np.asfortranarray(colors.transpose(0, 3, 1, 2)))
np.save(folder / "channels-first-flat.npy", np.ascontiguousarray(colors.transpose(0, 3, 1, 2)).reshape(20, -1))
np.save(folder / "complex.npy", table.astype(np.complex64))
np.save(folder / "not-finite.npy", np.where(table == 0.5, np.nan, table).astype("<f4"))

# A table of every kind of column, as csv.writer quotes it, with values that are missing.
species = ["adelie", "chin, strap", 'gen"too']
rows = []
for row in range(100):
    rows.append(
        {
            "mass (g)": "" if row % 10 == 3 else f"{3000 + 37.5 * ((row * 29) % 41):.1f}",
            "bill": repr(math.sin(row) * 1e-3),
            "island": "NA" if row % 25 == 7 else ["Biscoe", "Dream", "Ünst\nnorth"][row % 3],
            "sex": str(row * row % 3 % 2),
            "eggs": str(row % 4),
            "id": f"P{row:03d}",
            "species": species[row % 7 % 3],
        }
    )
with open(folder / "penguins.csv", "w", newline="", encoding="utf-8") as file:
    writer = csv.DictWriter(file, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
expected["penguins"] = {"rows": rows}

# Images in folders named after their classes.
for i in range(24):
    place = folder / "pictures" / ["four", "one", "zero"][i % 3]
    place.mkdir(parents=True, exist_ok=True)
    Image.fromarray(images[i]).save(place / f"{i:02d}.png")

# One photograph-like pattern in every way that a PNG or a JPEG can hold it, with the pixels that Pillow reads back.
y, x = np.mgrid[0:20, 0:28]
gray = (127.5 + 100 * np.sin(x / 5) * np.cos(y / 4)).astype(np.uint8)
color = np.stack([gray, (x * 255 / 27).astype(np.uint8), (y * 255 / 19).astype(np.uint8)], axis=2)
formats = folder / "formats"
formats.mkdir()
pictures = {}


def keep(name, image, **options):
    image.save(formats / name, **options)
    pixels = np.asarray(Image.open(formats / name).convert("L" if image.mode in ("L", "1") else "RGB"))
    pictures[name] = {"shape": list(pixels.shape), "pixels": pixels.ravel().tolist()}


keep("gray.png", Image.fromarray(gray))
keep("one-bit.png", Image.fromarray(gray).convert("1"))
keep("color.png", Image.fromarray(color))
keep("palette.png", Image.fromarray(color).quantize(16))
keep("opaque.png", Image.fromarray(np.dstack([color, np.full_like(gray, 255)])))
keep("gray.jpg", Image.fromarray(gray), quality=90)
keep("color.jpg", Image.fromarray(color), quality=95, subsampling=0)
keep("progressive.jpg", Image.fromarray(color), quality=95, subsampling=0, progressive=True)
Image.fromarray(color).convert("CMYK").save(formats / "cmyk.jpg")


def over(pixels, alpha, background):
    """Alpha compositing, rounded to 8 bits."""
    share = alpha.astype(float)[..., None] / 255
    return np.rint(share * pixels + (1 - share) * np.array(background)).astype(np.uint8)


def transparent(name, image, pixels, alpha, **options):
    image.save(formats / name, **options)
    flat = over(pixels, alpha, [255, 255, 255] if pixels.shape[2] == 3 else [255])
    pictures[name] = {"shape": list(flat.shape[:2] if flat.shape[2] == 1 else flat.shape), "pixels": flat.ravel().tolist()}


transparent("transparent.png", Image.fromarray(np.dstack([color, gray])), color, gray)
transparent("gray-alpha.png", Image.fromarray(np.dstack([gray, gray[::-1]]), "LA"), gray[..., None], gray[::-1])
key = gray == gray[0, 0]
transparent("gray-key.png", Image.fromarray(gray), gray[..., None], np.where(key, 0, 255), transparency=int(gray[0, 0]))
palette = Image.fromarray(color).quantize(16)
indices = np.asarray(palette)
transparent("palette-key.png", palette, np.asarray(palette.convert("RGB")), np.where(indices == 3, 0, 255), transparency=3)
# The same JPEG in each of the eight EXIF orientations, and as Pillow turns it upright.
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(gray).save(formats / f"exif-{orientation}.jpg", quality=90, exif=exif)
    turned = np.asarray(ImageOps.exif_transpose(Image.open(formats / f"exif-{orientation}.jpg")))
    pictures[f"exif-{orientation}.jpg"] = {"shape": list(turned.shape), "pixels": turned.ravel().tolist()}
Image.fromarray(gray.astype(np.uint16) * 257).save(formats / "sixteen-bit.png")
luma = np.asarray(Image.fromarray(color).convert("L"))
boxed = np.asarray(Image.fromarray(gray).reduce((4, 2)))
expected["pictures"] = pictures
expected["luma"] = luma.ravel().tolist()
expected["boxed"] = {"shape": list(boxed.shape), "pixels": boxed.ravel().tolist()}

(folder / "expected.json").write_text(json.dumps(expected, ensure_ascii=False) + "\n", encoding="utf-8")
