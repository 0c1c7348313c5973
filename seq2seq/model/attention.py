"""Attention: which source positions a decoder position looks at.

A score for every source position, a softmax over the tokens (never the padding), and the
weighted sum of the encoder's outputs. Keys are projected once a sentence, not once a step.
"""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf


class LuongAttention(keras.layers.Layer):
    """Multiplicative attention: `score = query . (W value)`.

    Source: Luong et al. 2015, "Effective approaches to attention-based neural machine
    translation", the "general" score.
    """

    def __init__(self, units: int, *, dtype: object) -> None:
        super().__init__(name="attention", dtype=dtype)
        self.supports_masking = True
        self.project_keys = keras.layers.Dense(units, use_bias=False, name="keys", dtype=dtype)

    def keys(self, values: tf.Tensor) -> tf.Tensor:
        """Projected encoder outputs, `[batch, source_len, units]`."""
        return self.project_keys(values)

    def call(
        self, query: tf.Tensor, keys: tf.Tensor, values: tf.Tensor, mask: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Attend from each query.

        Args:
            query: `[batch, target_len, units]`.
            keys, values: `[batch, source_len, units]`.
            mask: `[batch, source_len] bool`.

        Returns:
            contexts `[batch, target_len, units]`, weights `[batch, target_len, source_len]`.
        """
        return _weighted_sum(tf.matmul(query, keys, transpose_b=True), values, mask)


class BahdanauAttention(keras.layers.Layer):
    """Additive attention: `score = v . tanh(W query + U value)`.

    Source: Bahdanau et al. 2015, "Neural machine translation by jointly learning to align and
    translate". Only the score is theirs: it is asked by the first decoder layer's output, as in
    Luong's placement, so that the decoder runs over the whole target at once.
    """

    def __init__(self, units: int, *, dtype: object) -> None:
        super().__init__(name="attention", dtype=dtype)
        self.supports_masking = True
        self.project_keys = keras.layers.Dense(units, use_bias=False, name="keys", dtype=dtype)
        self.project_query = keras.layers.Dense(units, name="query", dtype=dtype)
        self.score = keras.layers.Dense(1, use_bias=False, name="score", dtype=dtype)

    def keys(self, values: tf.Tensor) -> tf.Tensor:
        """Projected encoder outputs, `[batch, source_len, units]`."""
        return self.project_keys(values)

    def call(
        self, query: tf.Tensor, keys: tf.Tensor, values: tf.Tensor, mask: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """As `LuongAttention.call`."""
        projected = self.project_query(query)[:, :, tf.newaxis, :]
        scores = self.score(tf.tanh(projected + keys[:, tf.newaxis, :, :]))
        return _weighted_sum(tf.squeeze(scores, axis=-1), values, mask)


def build_attention(kind: str, units: int, *, dtype: object) -> Any:
    """The attention layer called `kind` (`luong` or `bahdanau`), or None for `none`."""
    if kind == "none":
        return None
    return {"luong": LuongAttention, "bahdanau": BahdanauAttention}[kind](units, dtype=dtype)


def _weighted_sum(
    scores: tf.Tensor, values: tf.Tensor, mask: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor]:
    """Contexts and weights of `scores` `[batch, target_len, source_len]`."""
    # float32 whatever the precision: exp of a rounded score is a wrong weight.
    scores = tf.where(mask[:, tf.newaxis, :], tf.cast(scores, tf.float32), -1e9)
    weights = tf.nn.softmax(scores, axis=-1)
    return tf.matmul(tf.cast(weights, values.dtype), values), weights
