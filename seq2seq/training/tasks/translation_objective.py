"""Loss of a translation: label-smoothed cross-entropy of the target tokens."""

from __future__ import annotations

import math
from collections.abc import Sequence

import tensorflow as tf

from seq2seq.model.padding import pad_right, token_mask
from seq2seq.model.translation import TranslationModel, batch_parts, batch_signature
from seq2seq.training.tasks.cross_entropy import smoothed_cross_entropy, token_positions
from seq2seq.training.tasks.task import Losses

_EXPLODED = 3.0  # times the loss of a uniform prediction


class TranslationObjective:
    """Translation loss; implements `Objective`.

    A batch begins with the source (token ids `[batch, length] int32`, or features and their mask)
    and ends with the target ids `[batch, length] int32`.
    """

    unit = "tokens"

    def __init__(
        self, model: TranslationModel, *, label_smoothing: float, features: int = 0
    ) -> None:
        """Create the objective of a model that reads `features` numbers per step, or texts if 0."""
        self._model, self._smoothing = model, label_smoothing
        self.weights = model.trainable_variables
        self.signature = batch_signature(features)
        self.limit = _EXPLODED * math.log(model.output_layer.vocab_size)

    def losses(
        self, batch: Sequence[tf.Tensor], seed: tf.Tensor | None, scale: tf.Tensor | float
    ) -> Losses:
        """See `Objective`; the count is the number of target tokens, including end symbols."""
        source, target = batch_parts(batch)
        target = pad_right(target)
        mask = token_mask(target)
        decoded = self._model.decode(self._model.encode(source, seed), target, seed)
        losses = smoothed_cross_entropy(
            token_positions(decoded.features, mask),
            tf.convert_to_tensor(self._model.output_table()),
            tf.convert_to_tensor(self._model.output_layer.bias),
            token_positions(target, mask),
            smoothing=self._smoothing,
            scale=scale,
        )
        return Losses(*losses, tf.reduce_sum(tf.cast(mask, tf.float32)))
