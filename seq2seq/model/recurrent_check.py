"""Comparison of a GPU's fast LSTM with the plain one, before a run relies on it.

cuDNN was observed to compute wrong gradients in bfloat16, without any error (a norm of 0.036
instead of 0.056), and not all combinations of GPUs and libraries can be known. So a run on a GPU
first computes one masked batch in both ways; this takes about a second.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import tensorflow as tf

from seq2seq.model.recurrent import RecurrentLayer, UseCudnn

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


def check_fast_path(precision: str) -> Agreement:
    """Compare the fast LSTM of this device with the plain one on a masked batch.

    Args:
        precision: precision of the run, `float32`, `bfloat16` or `float16`.
    """
    policy = "float32" if precision == "float32" else f"mixed_{precision}"
    fast = _layer("auto", policy)
    plain = _layer(False, policy)
    for mine, other in zip(plain.trainable_variables, fast.trainable_variables, strict=True):
        mine.assign(other)
    found, right = _pass(fast), _pass(plain)
    pairs = zip([*found.outputs, *found.norms], [*right.outputs, *right.norms], strict=True)
    difference = max(_relative_difference(one, other) for one, other in pairs)
    tolerance = TOLERANCES[precision]
    return Agreement(difference <= tolerance, difference, tolerance)


def _layer(use_cudnn: UseCudnn, policy: str) -> RecurrentLayer:
    layer = RecurrentLayer(_UNITS, use_cudnn=use_cudnn, name="checked", dtype=policy)
    layer(tf.zeros([1, 1, _FEATURES], layer.compute_dtype), tf.ones([1, 1], tf.bool))
    rng = np.random.default_rng(1)
    for variable in layer.trainable_variables:
        variable.assign(rng.normal(0.0, 0.1, variable.shape).astype(np.float32))
    return layer


def _pass(layer: RecurrentLayer) -> _Values:
    """Run forwards and backwards over rows of 1 to 24 steps."""
    rng = np.random.default_rng(2)
    inputs = tf.constant(rng.normal(size=(_ROWS, _LENGTH, _FEATURES)), layer.compute_dtype)
    lengths = rng.integers(1, _LENGTH + 1, _ROWS)
    pull = tf.constant(rng.normal(size=(_ROWS, _LENGTH, _UNITS)), tf.float32)
    mask = tf.constant(np.arange(_LENGTH) < lengths[:, np.newaxis])

    @tf.function(autograph=False)
    def run() -> tuple[list[tf.Tensor], list[tf.Tensor]]:
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            outputs, state = layer(inputs, mask)
            real = tf.where(mask[:, :, tf.newaxis], tf.cast(outputs, tf.float32), 0.0)
            ends = [tf.cast(value, tf.float32) for value in state]
            loss = tf.reduce_sum(real * pull) + tf.add_n([tf.reduce_sum(end) for end in ends])
        weights = [variable.value for variable in layer.trainable_variables]
        gradients = tape.gradient(loss, [inputs, *weights])
        return [real, *ends], [tf.norm(tf.cast(one, tf.float32)) for one in gradients]

    return _Values(*run())


def _relative_difference(found: tf.Tensor, right: tf.Tensor) -> float:
    scale = float(tf.norm(right)) or 1.0
    difference = float(tf.norm(found - right)) / scale
    return difference if np.isfinite(difference) else float("inf")
