"""Label-smoothed cross-entropy over real tokens only, computed in blocks.

The product with the vocabulary and its softmax take half of the time of a step. Here they run in
blocks of positions whose gradient is computed in the forward pass, so that no tensor of
`[positions, vocab_size]` is kept. This needs less memory and is faster than the plain form
(`tests/benchmarks/loss_forms.py` measures both).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import tensorflow as tf

from seq2seq.model.backend import has_gpu

BLOCK = 512  # positions per block on a CPU, and the minimum on a GPU
_GPU_LOGITS = 2**27  # logits per block: half a GiB for each tensor of this size


class TokenLosses(NamedTuple):
    """Sums of the losses over the tokens of a batch, `[] float32`."""

    smoothed: tf.Tensor
    negative_log_likelihood: tf.Tensor


def block_positions(vocab_size: int) -> int:
    """Return the number of positions per block of logits on this device.

    Small blocks stay in the cache of a CPU, but leave a GPU idle.
    """
    return max(BLOCK, _GPU_LOGITS // vocab_size) if has_gpu() else BLOCK


def token_positions(values: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
    """Return the entries of `values` `[batch, length, ...]` where `mask` is true, `[tokens, ...]`.

    The gradient is a gather, too. TensorFlow's own gradient is a scatter, whose deterministic form
    on a GPU copies everything to the CPU and back.
    """

    @tf.custom_gradient
    def select(values: tf.Tensor) -> tuple[tf.Tensor, Callable[[tf.Tensor], tf.Tensor]]:
        def spread(gradient: tf.Tensor) -> tf.Tensor:
            count = tf.math.cumsum(tf.reshape(tf.cast(mask, tf.int32), [-1]))
            # Row 0 is the zero gradient of all padding.
            rows = tf.where(mask, tf.reshape(count, tf.shape(mask)), 0)
            zero = tf.zeros_like(values[:1, 0])
            return tf.gather(tf.concat([zero, gradient], axis=0), rows)

        return tf.gather_nd(values, tf.where(mask)), spread

    return select(values)


def smoothed_cross_entropy(
    features: tf.Tensor,
    table: tf.Tensor,
    bias: tf.Tensor,
    labels: tf.Tensor,
    *,
    smoothing: float,
    scale: tf.Tensor | float = 1.0,
) -> TokenLosses:
    """Return the loss of predicting `labels` from `features` through an output table.

    Args:
        features: features of the target tokens, `[tokens, dim]`, without padding, of any float
            type.
        table: output table, `[vocab_size, dim] float32`.
        bias: output bias, `[vocab_size] float32`.
        labels: ids of the target tokens, `[tokens] int32`.
        smoothing: probability that the target distribution spreads evenly over the vocabulary.
        scale: factor of the gradients; with float16, it is applied before they are rounded (loss
            scaling).

    Returns:
        sums of the losses; only `smoothed` has a gradient, which is multiplied by `scale`.

    Source: Szegedy et al. 2016, "Rethinking the Inception architecture", for the smoothing.
    """

    # Only float16 needs the scale before rounding; applying it later costs less.
    early, late = (scale, 1.0) if features.dtype == tf.float16 else (None, scale)

    @tf.custom_gradient
    def losses(features: tf.Tensor, table: tf.Tensor, bias: tf.Tensor) -> object:
        sums, gradients = _blockwise(features, table, bias, labels, smoothing, early)

        def backward(upstream: tf.Tensor, _: tf.Tensor) -> list[tf.Tensor]:
            factor = upstream * late
            return [gradient * tf.cast(factor, gradient.dtype) for gradient in gradients]

        return tuple(sums), backward

    return TokenLosses(*losses(features, table, bias))


def _blockwise(
    features: tf.Tensor,
    table: tf.Tensor,
    bias: tf.Tensor,
    labels: tf.Tensor,
    smoothing: float,
    scale: tf.Tensor | float | None,
) -> tuple[TokenLosses, tuple[tf.Tensor, tf.Tensor, tf.Tensor]]:
    """Return the loss sums and the gradients of features, table and bias, block by block."""
    count = tf.shape(features)[0]
    vocab_size = table.shape[0]
    narrow_table = tf.cast(table, features.dtype)
    size = block_positions(vocab_size)
    blocks = (count + size - 1) // size
    zero = tf.zeros([], tf.float32)

    def block(index, smoothed, nll, d_features, d_table, d_bias):  # type: ignore[no-untyped-def]
        rows = slice(index * size, tf.minimum((index + 1) * size, count))
        inputs, targets = features[rows], labels[rows]
        scores = tf.matmul(inputs, narrow_table, transpose_b=True)
        log_probs = tf.nn.log_softmax(tf.cast(scores, tf.float32) + bias)
        picked = tf.gather(log_probs, targets, batch_dims=1)
        block_nll = -tf.reduce_sum(picked)
        even = -tf.reduce_sum(log_probs) / vocab_size
        block_smoothed = (1.0 - smoothing) * block_nll + smoothing * even
        share = smoothing / vocab_size
        wanted = tf.one_hot(targets, vocab_size, 1.0 - smoothing + share, share)
        d_scores = tf.exp(log_probs) - wanted
        if scale is not None:
            d_scores *= scale
        narrow = tf.cast(d_scores, features.dtype)
        d_block_table = tf.matmul(narrow, inputs, transpose_a=True)
        return (
            index + 1,
            smoothed + block_smoothed,
            nll + block_nll,
            d_features.write(index, tf.matmul(narrow, narrow_table)),
            d_table + tf.cast(d_block_table, tf.float32),
            d_bias + _sum_of_rows(d_scores),
        )

    gradients = tf.TensorArray(
        features.dtype, size=blocks, infer_shape=False, element_shape=[None, features.shape[-1]]
    )
    _, smoothed, nll, d_features, d_table, d_bias = tf.while_loop(
        lambda index, *_: index < blocks,
        block,
        (0, zero, zero, gradients, tf.zeros_like(table), tf.zeros_like(bias)),
        parallel_iterations=1,
    )
    return TokenLosses(smoothed, nll), (d_features.concat(), d_table, d_bias)


def _sum_of_rows(values: tf.Tensor) -> tf.Tensor:
    """Return the sum of `values` `[rows, columns]` over the rows, `[columns]`."""
    if not has_gpu():
        return tf.reduce_sum(values, axis=0)
    # On a GPU this product is ten times as fast.
    return tf.linalg.matvec(values, tf.ones([tf.shape(values)[0]]), transpose_a=True)
