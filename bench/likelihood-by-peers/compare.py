"""What the models' figures say, by an implementation of its own: JSON on stdin and stdout, by model.

In: {"vaelab": [NLL...], "pythae": [NLL...], "begunAlike": [NLL...], "scored": [FOLDER...], "examples": n}. Out: Welch's two-sided
95 % interval of the difference of means, vaelab less each of the others; and vaelab's reading of pythae's first n test examples by
the training encoder, which pythae scored too."""

import json
import sys

import numpy as np
from scipy.stats import ttest_ind


def interval(ours, theirs):
    found = ttest_ind(ours, theirs, equal_var=False).confidence_interval(0.95)
    return {"low": found.low, "high": found.high}


def compare(by):
    read = [np.load(f"{folder}/per-example.npz")["nllTrainingEncoder"][: by["examples"]].mean() for folder in by["scored"]]
    differences = {side: interval(by["vaelab"], by[side]) for side in ("pythae", "begunAlike")}
    return {**differences, "read": [float(value) for value in read]}


print(json.dumps({model: compare(by) for model, by in json.load(sys.stdin).items()}))
