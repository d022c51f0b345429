"""A multilayer perceptron, by TensorFlow in float64.

python test/oracles/networks.py    (tensorflow-cpu 2.21.0)
Writes test/fixtures/networks.json.
"""
import json
from pathlib import Path

import numpy as np
import tensorflow as tf

# Weights that the test fills by the same formula, whose shapes tell rows from columns.
weights = lambda inputs, outputs, phase: np.sin(phase + np.arange(inputs * outputs)).reshape(inputs, outputs)
bias = lambda outputs, phase: np.cos(phase + np.arange(outputs))
images = np.cos(np.arange(2 * 2 * 3 * 1)).reshape(2, 6)
labels = np.eye(4)[[3, 1]]
joined = np.concatenate([images, labels], 1)
hidden = tf.tanh(joined @ weights(10, 5, 0) + bias(5, 0))
features = tf.tanh(hidden @ weights(5, 3, 1) + bias(3, 1)).numpy()
decoded = tf.nn.elu(features @ weights(3, 4, 2) + bias(4, 2)).numpy() @ weights(4, 6, 3) + bias(6, 3)

fixture = dict(perceptron=dict(images=images, labels=[3, 1], features=features, decoded=decoded))
path = Path(__file__).parent.parent / "fixtures" / "networks.json"
path.write_text(json.dumps(fixture, default=lambda array: array.tolist(), indent=1) + "\n")
