"""Embeddings of tokens, and the output layer that may share their table."""

from __future__ import annotations

import keras
import tensorflow as tf


class OutputLayer(keras.layers.Layer):
    """Scores of the vocabulary: a narrow projection, then a product with a table of tokens.

    The projection takes the decoder's units down to the embedding's width, which makes the
    product with the whole vocabulary, the dearest of the model, that much smaller; and it makes
    tying the table with the embedding possible at any width.

    Source: Press & Wolf 2017, "Using the output embedding to improve language models".
    """

    def __init__(self, embedding_dim: int, vocab_size: int, *, tied: bool, dtype: object) -> None:
        super().__init__(name="output", dtype=dtype)
        self.supports_masking = True
        self.vocab_size, self.embedding_dim, self.tied = vocab_size, embedding_dim, tied
        self.narrow = keras.layers.Dense(embedding_dim, name="narrow", dtype=dtype)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make the bias and, when the embedding is not shared, a table of its own."""
        self.narrow.build(input_shape)
        self.bias = self.add_weight(
            shape=(self.vocab_size,), initializer="zeros", name="bias", autocast=False
        )
        self.table = (
            None
            if self.tied
            else self.add_weight(shape=(self.vocab_size, self.embedding_dim), name="table")
        )

    def call(self, features: tf.Tensor) -> tf.Tensor:
        """Narrow `features` `[..., units]` to `[..., embedding_dim]`."""
        return self.narrow(features)


def build_embedding(vocab_size: int, dim: int, *, name: str, dtype: object) -> keras.layers.Layer:
    """A table of token vectors whose row 0 is padding and is masked everywhere after it."""
    return keras.layers.Embedding(vocab_size, dim, mask_zero=True, name=name, dtype=dtype)
