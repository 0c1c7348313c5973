"""Attention of each decoder position to the source positions.

Each source position gets a score; a softmax over the tokens (padding excluded) turns the scores
into weights, and the result is the weighted sum of the encoder's outputs. Keys are projected once
for each sentence, not at each step.
"""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

from seq2seq.config.choices import AttentionKind
from seq2seq.model.composite import Composite


class LuongAttention(Composite, keras.layers.Layer):
    """Multiplicative attention: `score = query . (W value)`.

    Source: Luong et al. 2015, "Effective approaches to attention-based neural machine
    translation", the "general" score.
    """

    def __init__(self, units: int, *, dtype: object) -> None:
        super().__init__(name="attention", dtype=dtype)
        self.supports_masking = True
        self.project_keys = keras.layers.Dense(units, use_bias=False, name="keys", dtype=dtype)

    def keys(self, values: tf.Tensor) -> tf.Tensor:
        """Return projected encoder outputs, `[batch, source_len, units]`."""
        return self.project_keys(values)

    def call(
        self, query: tf.Tensor, keys: tf.Tensor, values: tf.Tensor, mask: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Attend from each query.

        Args:
            query: decoder outputs, `[batch, target_len, units]`.
            keys, values: projected and original encoder outputs, `[batch, source_len, units]`.
            mask: flags of source tokens, `[batch, source_len] bool`.

        Returns:
            contexts `[batch, target_len, units]`, weights `[batch, target_len, source_len]`.
        """
        return _weighted_sum(tf.matmul(query, keys, transpose_b=True), values, mask)


class BahdanauAttention(Composite, keras.layers.Layer):
    """Additive attention: `score = v . tanh(W query + U value)`.

    Source: Bahdanau et al. 2015, "Neural machine translation by jointly learning to align and
    translate". Only the score is from this paper: the query is the output of the first decoder
    layer, as in Luong's model, so that the decoder runs over the whole target at once.
    """

    def __init__(self, units: int, *, dtype: object) -> None:
        super().__init__(name="attention", dtype=dtype)
        self.supports_masking = True
        self.project_keys = keras.layers.Dense(units, use_bias=False, name="keys", dtype=dtype)
        self.project_query = keras.layers.Dense(units, name="query", dtype=dtype)
        self.score = keras.layers.Dense(1, use_bias=False, name="score", dtype=dtype)

    def keys(self, values: tf.Tensor) -> tf.Tensor:
        """Return projected encoder outputs, `[batch, source_len, units]`."""
        return self.project_keys(values)

    def call(
        self, query: tf.Tensor, keys: tf.Tensor, values: tf.Tensor, mask: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Attend from each query, as in `LuongAttention.call`."""
        projected = self.project_query(query)[:, :, tf.newaxis, :]
        scores = self.score(tf.tanh(projected + keys[:, tf.newaxis, :, :]))
        return _weighted_sum(tf.squeeze(scores, axis=-1), values, mask)


def build_attention(kind: AttentionKind, units: int, *, dtype: object) -> Any:
    """Return the attention layer called `kind` (`luong` or `bahdanau`), or None for `none`."""
    if kind == "none":
        return None
    return {"luong": LuongAttention, "bahdanau": BahdanauAttention}[kind](units, dtype=dtype)


def _weighted_sum(
    scores: tf.Tensor, values: tf.Tensor, mask: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor]:
    """Return contexts and weights for `scores` `[batch, target_len, source_len]`."""
    # float32 at every precision, because exp of a rounded score gives a wrong weight.
    scores = tf.where(mask[:, tf.newaxis, :], tf.cast(scores, tf.float32), -1e9)
    weights = tf.nn.softmax(scores, axis=-1)
    return tf.matmul(tf.cast(weights, values.dtype), values), weights
