"""Masks and lengths of padded batches, and moving of padding to the right.

Inside the model, padding is always on the right, whatever side it was on: the layers of
`cudnn_lstm` need it, and the decoder's first position must be the first token.
"""

from __future__ import annotations

import tensorflow as tf


def token_mask(ids: tf.Tensor) -> tf.Tensor:
    """Return flags of tokens, `[batch, length] bool`, for `[batch, length] int32` ids."""
    return tf.not_equal(ids, 0)


def token_lengths(mask: tf.Tensor) -> tf.Tensor:
    """Return the number of tokens per row, `[batch] int32`, from a `[batch, length] bool` mask."""
    return tf.reduce_sum(tf.cast(mask, tf.int32), axis=1)


def pad_right(ids: tf.Tensor) -> tf.Tensor:
    """Return the same rows with their padding moved to the right, `[batch, length] int32`."""
    return steps_right(ids, token_mask(ids))[0]


def steps_right(values: tf.Tensor, mask: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Return the same rows and their mask with all padding moved to the right.

    Each row is rotated to begin with its first step; rows that already do stay unchanged. Padding
    between two steps is not allowed.

    Args:
        values: values of the steps, `[batch, length, ...]`.
        mask: flags of steps, `[batch, length] bool`.
    """
    width = tf.shape(mask)[1]
    first = tf.argmax(tf.cast(mask, tf.int32), axis=1, output_type=tf.int32)
    positions = (tf.range(width)[tf.newaxis, :] + first[:, tf.newaxis]) % tf.maximum(width, 1)
    moved = tf.gather(values, positions, batch_dims=1)
    return moved, tf.gather(mask, positions, batch_dims=1)


def reverse_tokens(sequence: tf.Tensor, lengths: tf.Tensor) -> tf.Tensor:
    """Return each row with its tokens reversed and its padding unchanged.

    Args:
        sequence: values of the tokens, `[batch, length, features]`, padded on the right.
        lengths: number of tokens of each row, `[batch] int32`.
    """
    return tf.reverse_sequence(sequence, lengths, seq_axis=1, batch_axis=0)
