"""Rules for valid output text as TensorFlow operations (see `text.output_tokens`)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from seq2seq.text.output_tokens import NEVER, OutputTokens, transitions
from seq2seq.text.tokenizer import Tokenizer


class TextRules:
    """Rules for valid text: whole characters, no control characters, only source placeholders."""

    def __init__(self, tokens: OutputTokens, placeholders: Sequence[tuple[int, int]] = ()) -> None:
        """Use `of` or `of_ids`.

        Args:
            tokens: output properties of the target vocabulary's tokens.
            placeholders: source and target token of each placeholder.
        """
        self._tokens = tokens
        self._tails = np.where(tokens.missing < NEVER, tokens.missing, 0)
        self._source = np.array([source for source, _ in placeholders], np.int32)
        self._target = np.zeros([len(placeholders), tokens.vocab_size], np.float32)
        for number, (_, target) in enumerate(placeholders):
            self._target[number, target] = 1.0

    @staticmethod
    def of(source: Tokenizer | None, target: Tokenizer) -> TextRules:
        """Return the rules for two tokenizers; `source` is None if the model reads features."""
        if source is None:
            return TextRules(OutputTokens.of(target))
        before, after = OutputTokens.of(source).placeholders, OutputTokens.of(target).placeholders
        pairs = [(a, b) for name in before for a in before[name] for b in after.get(name, ())]
        return TextRules(OutputTokens.of(target), pairs)

    @staticmethod
    def of_ids(vocab_size: int) -> TextRules:
        """Return the rules for a vocabulary of which only the size is known."""
        return TextRules(OutputTokens.of_ids(vocab_size))

    def writable(self, source_ids: tf.Tensor | None, *, rows: tf.Tensor) -> tf.Tensor:
        """Return flags of all tokens, `[rows, vocab_size] bool`; false for unusable placeholders.

        A placeholder is usable if the source contains it. Without source ids, none is usable.
        """
        free = tf.constant(~self._tokens.reserved)
        if source_ids is None or not len(self._source):
            return tf.tile(free[tf.newaxis], [rows, 1])
        held = tf.reduce_any(tf.equal(source_ids[:, :, tf.newaxis], self._source), axis=1)
        return free | (tf.matmul(tf.cast(held, tf.float32), self._target) > 0.0)

    def allowed(self, states: tf.Tensor, writable: tf.Tensor, room: tf.Tensor) -> tf.Tensor:
        """Return flags of the tokens that may come next, `[batch, beam, vocab_size] bool`.

        Args:
            states: states of the hypotheses, `[batch, beam] int32`.
            writable: flags as returned by `writable`.
            room: number of tokens that each row may write after the next one, `[batch] int32`.
        """
        in_time = self._tails <= tf.maximum(room, 0)[:, tf.newaxis]
        return tf.gather(self._tokens.possible, states) & (writable & in_time)[:, tf.newaxis, :]

    def after(self, states: tf.Tensor, tokens: tf.Tensor) -> tf.Tensor:
        """Return the states after the next `tokens`, both `[batch, beam] int32`."""
        indices = tf.stack([states, tf.gather(self._tokens.classes, tokens)], axis=-1)
        return tf.maximum(tf.gather_nd(transitions(), indices), 0)
