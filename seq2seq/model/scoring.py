"""How probable a given translation is, and which source pieces each of its pieces looks at."""

from __future__ import annotations

import tensorflow as tf

from seq2seq.model.padding import pad_right, token_mask
from seq2seq.model.translation import TranslationModel


def token_log_probs(
    model: TranslationModel, source_ids: tf.Tensor, target_ids: tf.Tensor
) -> tf.Tensor:
    """Log-probability of each target piece given those before it.

    Args:
        model: the translation model.
        source_ids: `[batch, source_len] int32`, each row ending with the end symbol.
        target_ids: `[batch, target_len] int32`, likewise.

    Returns:
        `[batch, target_len] float32`, 0.0 at padding (which stands on the right).
    """
    target = pad_right(target_ids)
    mask = token_mask(target)
    logits = model.logits(model.decode(model.encode(source_ids), target).features)
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=target, logits=logits)
    return tf.where(mask, -losses, 0.0)


def pair_log_probs(
    model: TranslationModel, source_ids: tf.Tensor, target_ids: tf.Tensor
) -> tf.Tensor:
    """Log-probability of each pair's target, end symbol counted, `[batch] float32`."""
    return tf.reduce_sum(token_log_probs(model, source_ids, target_ids), axis=1)


def attention_weights(
    model: TranslationModel, source_ids: tf.Tensor, target_ids: tf.Tensor
) -> tf.Tensor | None:
    """Weights of the source pieces at each target piece.

    Returns:
        `[batch, target_len, source_len] float32`; None for a model without attention.
    """
    return model.decode(model.encode(source_ids), pad_right(target_ids)).attention
