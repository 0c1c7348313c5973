"""Token embeddings, and the output layer that may share their table."""

from __future__ import annotations

import keras
import tensorflow as tf


class OutputLayer(keras.layers.Layer):
    """Output layer: a narrow projection, then a product with a table of token vectors.

    The projection reduces the decoder's units to the width of the embedding. This makes the product
    with the whole vocabulary, the most expensive one in the model, smaller; and it allows tying the
    table with the embedding at any number of units.

    Source: Press & Wolf 2017, "Using the output embedding to improve language models".
    """

    def __init__(self, embedding_dim: int, vocab_size: int, *, tied: bool, dtype: object) -> None:
        super().__init__(name="output", dtype=dtype)
        self.supports_masking = True
        self.vocab_size, self.embedding_dim, self.tied = vocab_size, embedding_dim, tied
        self.narrow = keras.layers.Dense(embedding_dim, name="narrow", dtype=dtype)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create the bias and, if the embedding is not shared, a separate table."""
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
        """Project `features` `[..., units]` to `[..., embedding_dim]`."""
        return self.narrow(features)


def build_embedding(vocab_size: int, dim: int, *, name: str, dtype: object) -> keras.layers.Layer:
    """Return an embedding layer that masks id 0, the padding."""
    return keras.layers.Embedding(vocab_size, dim, mask_zero=True, name=name, dtype=dtype)
