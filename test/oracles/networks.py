"""Activations with their gradients, and a multilayer perceptron, by TensorFlow in float64.

python test/oracles/networks.py    (tensorflow-cpu 2.21.0)
Writes test/fixtures/networks.json.
"""
import json
from pathlib import Path

import numpy as np
import tensorflow as tf

nn = tf.nn
activations = {
    "relu": nn.relu, "tanh": tf.tanh, "sigmoid": tf.sigmoid, "elu": nn.elu, "softplus": nn.softplus,
    "leaky-relu": lambda x: nn.leaky_relu(x, 0.01), "silu": nn.silu, "gelu": lambda x: nn.gelu(x, approximate=False),
    "identity": tf.identity,
}
x = tf.constant([-30, -8, -2.5, -1, -0.1, 0.1, 0.7, 2, 9, 30], tf.float64)


def curve(function):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    return dict(value=y.numpy(), gradient=tape.gradient(y, x).numpy())


# Weights that the test fills by the same formula, whose shapes tell rows from columns.
weights = lambda inputs, outputs, phase: np.sin(phase + np.arange(inputs * outputs)).reshape(inputs, outputs)
bias = lambda outputs, phase: np.cos(phase + np.arange(outputs))
images = np.cos(np.arange(2 * 2 * 3 * 1)).reshape(2, 6)
labels = np.eye(4)[[3, 1]]
joined = np.concatenate([images, labels], 1)
hidden = tf.tanh(joined @ weights(10, 5, 0) + bias(5, 0))
features = tf.tanh(hidden @ weights(5, 3, 1) + bias(3, 1)).numpy()
decoded = tf.nn.elu(features @ weights(3, 4, 2) + bias(4, 2)).numpy() @ weights(4, 6, 3) + bias(6, 3)

fixture = dict(x=x.numpy(), activations={name: curve(f) for name, f in activations.items()},
               perceptron=dict(images=images, labels=[3, 1], features=features, decoded=decoded))
path = Path(__file__).parent.parent / "fixtures" / "networks.json"
path.write_text(json.dumps(fixture, default=lambda array: array.tolist(), indent=1) + "\n")
