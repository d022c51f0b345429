"""What TensorFlow's fused training ops do in six steps, in float32, with a learning rate that changes.

python test/oracles/optimizers.py    (tensorflow-cpu 2.21.0)
Writes test/fixtures/optimizers.json.
"""
import json
from pathlib import Path

import numpy as np
import tensorflow as tf

ops = tf.raw_ops
random = np.random.default_rng(0)
start = random.normal(size=(7,)).astype(np.float32)
gradients = (random.normal(size=(6, 7)) * np.logspace(-9, 2, 7)).astype(np.float32)
rates = np.linspace(0.1, 0.02, 6).astype(np.float32)
f = lambda value: tf.constant(value, tf.float32)


def follow(slots, apply):
    variable = tf.Variable(start)
    memory = [tf.Variable(tf.zeros_like(variable)) for _ in range(slots)]
    path = []
    for step in range(len(rates)):
        apply(variable.handle, [slot.handle for slot in memory], f(rates[step]), f(gradients[step]), step)
        path.append(dict(variable=variable.numpy(), slots=[slot.numpy() for slot in memory]))
    return path


def adam(beta1, beta2, epsilon):
    powers = [np.float32(1), np.float32(1)]

    def apply(variable, slots, rate, gradient, _):
        powers[:] = powers[0] * np.float32(beta1), powers[1] * np.float32(beta2)
        ops.ResourceApplyAdam(var=variable, m=slots[0], v=slots[1], beta1_power=f(powers[0]), beta2_power=f(powers[1]), lr=rate,
                              beta1=f(beta1), beta2=f(beta2), epsilon=f(epsilon), grad=gradient)

    return follow(2, apply)


def momentum(nesterov):
    return follow(1, lambda variable, slots, rate, gradient, _: ops.ResourceApplyMomentum(
        var=variable, accum=slots[0], lr=rate, grad=gradient, momentum=f(0.9), use_nesterov=nesterov))


def plain():
    return follow(0, lambda variable, _, rate, gradient, __: ops.ResourceApplyGradientDescent(var=variable, alpha=rate, delta=gradient))


fixture = dict(start=start, gradients=gradients, rates=rates, adam=adam(0.9, 0.999, 1e-8), adamOther=adam(0.5, 0.9, 1e-3),
               momentum=momentum(False), nesterov=momentum(True), plain=plain())
path = Path(__file__).parent.parent / "fixtures" / "optimizers.json"
path.write_text(json.dumps(fixture, default=lambda array: array.tolist(), indent=1) + "\n")
