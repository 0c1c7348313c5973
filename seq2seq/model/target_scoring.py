"""Log-probability and attention weights of given translations."""

from __future__ import annotations

import tensorflow as tf

from seq2seq.model.padding import pad_right, token_mask
from seq2seq.model.translation import Sources, TranslationModel


def token_log_probs(model: TranslationModel, source: Sources, target_ids: tf.Tensor) -> tf.Tensor:
    """Return the log-probability of each target token given the tokens before it.

    Args:
        model: translation model.
        source: source tokens, `[batch, source_len] int32`, each row ending with the end symbol, or
            features.
        target_ids: target tokens, `[batch, target_len] int32`, in the same form as source
            tokens.

    Returns:
        log-probabilities, `[batch, target_len] float32`, 0.0 at padding (always on the right).
    """
    target = pad_right(target_ids)
    mask = token_mask(target)
    logits = model.logits(model.decode(model.encode(source), target).features)
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=target, logits=logits)
    return tf.where(mask, -losses, 0.0)


def pair_log_probs(model: TranslationModel, source: Sources, target_ids: tf.Tensor) -> tf.Tensor:
    """Return the log-probability of each pair's target, end symbol included, `[batch] float32`."""
    return tf.reduce_sum(token_log_probs(model, source, target_ids), axis=1)


def attention_weights(
    model: TranslationModel, source: Sources, target_ids: tf.Tensor
) -> tf.Tensor | None:
    """Return the attention weights of the source tokens at each target token.

    Returns:
        weights, `[batch, target_len, source_len] float32`; None for a model without attention.
    """
    return model.decode(model.encode(source), pad_right(target_ids)).attention
