"""Pooling of the outputs of all steps into one vector for the sequence, independent of padding."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

from seq2seq.config.choices import PoolingKind
from seq2seq.model.encoder import Encoding
from seq2seq.model.padding import token_lengths

_LOWEST = {"float32": -3e38, "bfloat16": -3e38, "float16": -6e4}


class Pooling(keras.layers.Layer):
    """Pooling layer: last state, mean, maximum or attention-weighted mean of a sequence.

    Source: Yang et al. 2016, "Hierarchical attention networks", for the attention.
    """

    def __init__(self, kind: PoolingKind, units: int, *, dtype: object) -> None:
        super().__init__(name="pooling", dtype=dtype)
        self.supports_masking = True
        self.kind, self.units = kind, units
        self.project = self.score = None
        if kind == "attention":
            self.project = keras.layers.Dense(units, activation="tanh", name="project", dtype=dtype)
            self.score = keras.layers.Dense(1, use_bias=False, name="score", dtype=dtype)

    def build(self, _: Any) -> None:
        """Create the weights of the attention."""
        if self.project is not None and self.score is not None:
            self.project.build((None, None, self.units))
            self.score.build((None, None, self.units))

    def call(self, outputs: tf.Tensor, last: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
        """Pool the steps where `mask` is true.

        Args:
            outputs: outputs of all steps, `[batch, length, units]`.
            last: state of the top layer after each row's last step, `[batch, units]`.
            mask: flags of steps, `[batch, length] bool`, at least one step in each row.

        Returns:
            pooled vectors, `[batch, units]`.
        """
        if self.kind == "last":
            return last
        real = mask[:, :, tf.newaxis]
        if self.kind == "max":
            lowest = tf.constant(_LOWEST[outputs.dtype.name], outputs.dtype)
            return tf.reduce_max(tf.where(real, outputs, lowest), axis=1)
        if self.kind == "mean":
            return mean_step(outputs, mask)
        weights = tf.nn.softmax(tf.where(real, self.scores(outputs), -1e9), axis=1)
        return _weighted_sum(outputs, weights, real)

    def scores(self, outputs: tf.Tensor) -> tf.Tensor:
        """Return the unnormalised attention score of each step, `[..., 1] float32`.

        Args:
            outputs: outputs of the steps, `[..., units]`.
        """
        if self.project is None or self.score is None:
            raise ValueError(f"{self.kind} pooling has no scores")
        return tf.cast(self.score(self.project(outputs)), tf.float32)


def last_state(encoding: Encoding, mask: tf.Tensor) -> tf.Tensor:
    """Return the top layer's state after each row's last step, `[batch, units]`.

    If the encoder has no states, it is the output of the last step.

    Args:
        encoding: encoded batch.
        mask: flags of steps, `[batch, length] bool`, with the padding on the right.
    """
    if encoding.states:
        return encoding.states[-1].hidden
    return tf.gather(encoding.outputs, token_lengths(mask) - 1, batch_dims=1)


def mean_step(outputs: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
    """Return the mean of the outputs where `mask` is true, `[batch, units]`.

    Args:
        outputs: outputs of all steps, `[batch, length, units]`.
        mask: flags of steps, `[batch, length] bool`, at least one step in each row.
    """
    real = mask[:, :, tf.newaxis]
    weights = tf.cast(real, tf.float32)
    weights = weights / tf.reduce_sum(weights, axis=1, keepdims=True)
    return _weighted_sum(outputs, weights, real)


def _weighted_sum(outputs: tf.Tensor, weights: tf.Tensor, real: tf.Tensor) -> tf.Tensor:
    # Padding may hold any value, even NaN, so it is set to zero, not only weighted with zero.
    kept = tf.where(real, tf.cast(outputs, tf.float32), 0.0)
    return tf.cast(tf.reduce_sum(weights * kept, axis=1), outputs.dtype)
