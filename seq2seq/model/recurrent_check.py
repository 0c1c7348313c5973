"""Comparison of a GPU's fast LSTM with the plain one, before a run relies on it.

In bfloat16 TensorFlow's cuDNN operation was observed to return wrong gradients without any error
(a norm of 0.036 instead of 0.056), and not all combinations of GPUs and libraries can be known.
Therefore a run on a GPU first computes one masked batch in both ways; this takes about a second.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import tensorflow as tf

from seq2seq.config.choices import Precision
from seq2seq.model.recurrent import LSTMState, RecurrentLayer, UseCudnn, run_both

# Largest allowed relative difference; float32 includes TF32, which rounds products to 10 bits.
TOLERANCES = {"float32": 2e-3, "bfloat16": 5e-2, "float16": 5e-2}

_ROWS, _LENGTH, _FEATURES, _UNITS = 32, 24, 64, 128


class Agreement(NamedTuple):
    """Result of the comparison.

    Attributes:
        holds: true if the fast path may be used.
        difference: largest relative difference of outputs, states and norms of gradients.
        tolerance: largest allowed difference.
    """

    holds: bool
    difference: float
    tolerance: float


class _Values(NamedTuple):
    """Outputs and states of one pass, and the norms of its gradients."""

    outputs: list[tf.Tensor]
    norms: list[tf.Tensor]


def check_fast_path(precision: Precision) -> Agreement:
    """Compare the fast LSTMs of this device with the plain ones on a masked batch.

    Args:
        precision: precision of the run, `float32`, `bfloat16` or `float16`.
    """
    policy = "float32" if precision == "float32" else f"mixed_{precision}"
    fast, plain = _Checked("auto", policy), _Checked(False, policy)
    found, right = _pass(fast), _pass(plain)
    pairs = zip([*found.outputs, *found.norms], [*right.outputs, *right.norms], strict=True)
    difference = max(_relative_difference(one, other) for one, other in pairs)
    tolerance = TOLERANCES[precision]
    return Agreement(difference <= tolerance, difference, tolerance)


class _Checked:
    """LSTMs in both directions, and a third LSTM that starts from their states, as in a model."""

    def __init__(self, use_cudnn: UseCudnn, policy: str) -> None:
        widths = [_UNITS // 2, _UNITS // 2, _UNITS]
        self._layers = [
            RecurrentLayer(units, use_cudnn=use_cudnn, name=f"checked_{number}", dtype=policy)
            for number, units in enumerate(widths)
        ]
        self.kind = self._layers[0].compute_dtype
        self(tf.zeros([1, 1, _FEATURES], self.kind), tf.ones([1, 1], tf.bool))
        self.weights = [each for layer in self._layers for each in layer.trainable_variables]
        rng = np.random.default_rng(1)
        for variable in self.weights:
            variable.assign(rng.normal(0.0, 0.1, variable.shape).astype(np.float32))

    def __call__(self, inputs: tf.Tensor, mask: tf.Tensor) -> tuple[tf.Tensor, LSTMState]:
        forward, backward, top = self._layers
        outputs, state = run_both(forward, backward, inputs, mask)
        found: tuple[tf.Tensor, LSTMState] = top(outputs, mask, state)
        return found


def _pass(layers: _Checked) -> _Values:
    """Run a forward and a backward pass over rows of 1 to 24 steps."""
    rng = np.random.default_rng(2)
    inputs = tf.constant(rng.normal(size=(_ROWS, _LENGTH, _FEATURES)), layers.kind)
    lengths = rng.integers(1, _LENGTH + 1, _ROWS)
    pull = tf.constant(rng.normal(size=(_ROWS, _LENGTH, _UNITS)), tf.float32)
    mask = tf.constant(np.arange(_LENGTH) < lengths[:, np.newaxis])

    @tf.function(autograph=False)
    def run() -> tuple[list[tf.Tensor], list[tf.Tensor]]:
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            outputs, state = layers(inputs, mask)
            real = tf.where(mask[:, :, tf.newaxis], tf.cast(outputs, tf.float32), 0.0)
            ends = [tf.cast(value, tf.float32) for value in state]
            loss = tf.reduce_sum(real * pull) + tf.add_n([tf.reduce_sum(end) for end in ends])
        gradients = tape.gradient(loss, [inputs, *(each.value for each in layers.weights)])
        return [real, *ends], [tf.norm(tf.cast(one, tf.float32)) for one in gradients]

    return _Values(*run())


def _relative_difference(found: tf.Tensor, right: tf.Tensor) -> float:
    scale = float(tf.norm(right)) or 1.0
    difference = float(tf.norm(found - right)) / scale
    return difference if np.isfinite(difference) else float("inf")
