"""Losses of classification and regression, summed over real targets only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from seq2seq.config.choices import ClassWeights
from seq2seq.data.sequences.target_schema import TargetSchema
from seq2seq.model import crf
from seq2seq.model.label_model import LabelModel
from seq2seq.model.padding import steps_right
from seq2seq.training.tasks.cross_entropy import token_positions
from seq2seq.training.tasks.task import Losses

WordStarts = NDArray[np.bool_] | None  # [vocab_size]
_EXPLODED = 50.0  # times the loss of a uniform prediction; a batch may have a single target


class LabelObjective:
    """Loss of classification or regression; implements `Objective` for `LabelledBatch` batches.

    One class per target: cross-entropy with label smoothing and class weights. Several classes:
    sum of the binary cross-entropies of all classes. Numbers: half the squared error of the scaled
    numbers, summed over them. With a CRF: negative log-likelihood of the classes of a sequence.
    """

    def __init__(
        self,
        model: LabelModel,
        schema: TargetSchema,
        *,
        features: int,
        label_smoothing: float,
        class_weights: ClassWeights,
        word_starts: WordStarts = None,
    ) -> None:
        """Create the objective of a model.

        Args:
            model: classification or regression model.
            schema: description of the targets.
            features: number of features of a step; 0 if the model reads token ids.
            label_smoothing: share of the loss that is spread evenly over all classes.
            class_weights: weights of the classes in the loss.
            word_starts: flags of the tokens that begin a word, if words are labelled.
        """
        self._model, self._schema, self._smoothing = model, schema, label_smoothing
        self._word_starts = word_starts
        self.weights = model.trainable_variables
        self.unit = "steps" if schema.per_step else "sequences"
        self.signature = signature(schema, features)
        weights = balanced_weights(schema.counts) if class_weights == "balanced" else None
        self._class_weights = None if weights is None else tf.constant(weights, tf.float32)
        heaviest = 1.0 if weights is None else float(weights.max())
        self.limit = math.inf  # no limit for regression, whose outliers are unbounded
        if not schema.has_numbers:
            one = math.log(schema.outputs) if schema.one_class else math.log(2) * schema.outputs
            self.limit = _EXPLODED * one * heaviest

    def losses(
        self, batch: Sequence[tf.Tensor], seed: tf.Tensor | None, scale: tf.Tensor | float
    ) -> Losses:
        """See `Objective`; the count is the number of sequences, or of steps that have a target."""
        values, mask, targets = batch
        outputs = _scaled_gradient(self._model(values, mask, seed), scale)
        if self._model.chain is not None:
            potentials = (_scaled_gradient(x, scale) for x in self._model.chain.tensors())
            return self._path_losses(outputs, batch, crf.Potentials(*potentials))
        if self._schema.per_step:
            outputs, targets = of_steps(outputs, batch, self._word_starts)
        plain, shaped = self._each(outputs, targets)
        count = tf.cast(tf.shape(plain)[0], tf.float32)
        return Losses(tf.reduce_sum(shaped), tf.reduce_sum(plain), count)

    def _path_losses(
        self, outputs: tf.Tensor, batch: Sequence[tf.Tensor], potentials: crf.Potentials
    ) -> Losses:
        """Return the losses of a CRF."""
        targets, flags = labelled_steps(batch, self._word_starts)
        each = crf.log_partition(outputs, flags, potentials)
        each -= crf.path_scores(outputs, flags, targets, potentials)
        loss = tf.reduce_sum(each)
        return Losses(loss, loss, tf.reduce_sum(tf.cast(flags, tf.float32)))

    def _each(self, outputs: tf.Tensor, targets: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Return the plain loss and the training loss of each target, `[targets]` each."""
        plain = prediction_losses(outputs, targets, self._schema)
        if not self._schema.one_class:
            return plain, plain
        log_probs = tf.nn.log_softmax(outputs)
        shaped = (1.0 - self._smoothing) * plain
        shaped -= self._smoothing * tf.reduce_mean(log_probs, axis=-1)
        if self._class_weights is not None:
            shaped *= tf.gather(self._class_weights, targets)
        return plain, shaped


def signature(schema: TargetSchema, features: int) -> list[tf.TensorSpec]:
    """Return the signature of the tensors of a `LabelledBatch`."""
    values = tf.TensorSpec([None, None], tf.int32)
    if features:
        values = tf.TensorSpec([None, None, features], tf.float32)
    shape: list[int | None] = [None, None] if schema.per_step else [None]
    targets = tf.TensorSpec(shape, tf.int32)
    if not schema.one_class:
        targets = tf.TensorSpec([*shape, schema.outputs], tf.float32)
    return [values, tf.TensorSpec([None, None], tf.bool), targets]


def of_steps(
    outputs: tf.Tensor, batch: Sequence[tf.Tensor], word_starts: WordStarts
) -> tuple[tf.Tensor, tf.Tensor]:
    """Return the outputs and targets of all steps (or words) of a batch, `[targets, ...]` each.

    Args:
        outputs: outputs of the model at each position, padded on the right.
        batch: tensors of a `LabelledBatch`, padded on either side.
        word_starts: flags of the tokens that begin a word; in a text, only these have a target.
    """
    targets, flags = labelled_steps(batch, word_starts)
    return token_positions(outputs, flags), token_positions(targets, flags)


def labelled_steps(
    batch: Sequence[tf.Tensor], word_starts: WordStarts
) -> tuple[tf.Tensor, tf.Tensor]:
    """Return the targets with padding on the right, and flags of the steps that have a target.

    The arguments are those of `of_steps`; the flags are `[batch, length] bool`.
    """
    values, mask, targets = batch
    flags = mask
    if word_starts is not None:
        flags &= tf.gather(tf.constant(word_starts), values)
    return steps_right(targets, mask)[0], steps_right(flags, mask)[0]


def prediction_losses(outputs: tf.Tensor, targets: tf.Tensor, schema: TargetSchema) -> tf.Tensor:
    """Return the plain loss of each target, `[targets] float32` (see `LabelObjective`)."""
    if schema.one_class:
        return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=targets, logits=outputs)
    if not schema.has_numbers:
        each = tf.nn.sigmoid_cross_entropy_with_logits(labels=targets, logits=outputs)
        return tf.reduce_sum(each, axis=-1)
    return 0.5 * tf.reduce_sum(tf.square(outputs - targets), axis=-1)


def balanced_weights(counts: Sequence[int]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return class weights in inverse proportion to the class frequencies, `[classes]`.

    Their mean over the training set is 1.
    """
    often = np.array(counts, np.float64)
    return often.sum() / (len(often) * often)


def _scaled_gradient(values: tf.Tensor, scale: tf.Tensor | float) -> tf.Tensor:
    """Return `values` unchanged, with their gradient multiplied by `scale`."""

    @tf.custom_gradient
    def same(inputs: tf.Tensor) -> object:
        return tf.identity(inputs), lambda upstream: upstream * scale

    return same(values)
