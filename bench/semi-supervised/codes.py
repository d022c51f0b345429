"""Classifiers on M1's codes: folders of codes-train.npz and codes-SPLIT.npz -> how many of SPLIT each gets wrong, a JSON list.

Arguments: SPLIT FOLDER... Their strengths were chosen with the settings of the other rows, on the tuning draws (--tune).
"""
import json
import sys
import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

warnings.filterwarnings("ignore", category=ConvergenceWarning)
MODELS = {
    "support vectors on M1's codes": lambda: SVC(C=10, gamma="scale"),
    "logistic regression on M1's codes": lambda: LogisticRegression(C=0.1, max_iter=1000),
}
split, folders = sys.argv[1], sys.argv[2:]
found = {name: [] for name in MODELS}
for folder in folders:
    train = np.load(f"{folder}/codes-train.npz")
    scored = np.load(f"{folder}/codes-{split}.npz")
    for name, make in MODELS.items():
        predicted = make().fit(train["mean"], train["label"]).predict(scored["mean"])
        found[name].append(int(np.sum(predicted != scored["label"])))
print(json.dumps(found))
