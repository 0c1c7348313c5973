"""Update of the weights, as graph functions that are traced once.

Keras' `model.fit` weights each batch by its number of rows. Here the sum of the losses and the
number of targets are kept separately and divided once. Therefore the gradient of a step is the mean
over its targets; it does not depend on padding, batch sizes or the number of summed batches.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import tensorflow as tf

from seq2seq.training.epoch_data import Batch
from seq2seq.training.optimizer import Optimizer, add, assign
from seq2seq.training.replicas import OneReplica, Replicas
from seq2seq.training.tasks.task import Losses, Objective

_FIRST_SCALE, _GROW_EVERY = 2.0**15, 2000


class StepResult(NamedTuple):
    """Result of an update; all tensors have the shape `[]`.

    Attributes:
        loss, negative_log_likelihood, count: sums over the targets; see `Losses`.
        gradient_norm: norm of the mean gradient before clipping; not finite on overflow.
        applied: True if the weights were updated.
    """

    loss: tf.Tensor
    negative_log_likelihood: tf.Tensor
    count: tf.Tensor
    gradient_norm: tf.Tensor
    applied: tf.Tensor


class TrainStep:
    """Training step: the gradients of batches and their application.

    A gradient that is not finite is never applied: with `float16` the loss scale is halved and
    the step is skipped (Micikevicius et al. 2018, "Mixed precision training"); otherwise the loop
    stops the run.
    """

    def __init__(
        self,
        objective: Objective,
        optimizer: Optimizer,
        *,
        clip_norm: float,
        loss_scaling: bool,
        replicas: Replicas | None = None,
    ) -> None:
        self._objective, self._optimizer = objective, optimizer
        self._replicas = replicas or OneReplica()
        self._clip_norm = clip_norm
        self._weights = objective.weights
        self._scaling = loss_scaling
        self.loss_scale = tf.Variable(_FIRST_SCALE if loss_scaling else 1.0, trainable=False)
        self.good_steps = tf.Variable(0, dtype=tf.int32, trainable=False)
        self._sums: list[Any] = []
        batch = tuple(objective.signature)
        seed, rate = tf.TensorSpec([2], tf.int32), tf.TensorSpec([], tf.float32)
        changes = tf.TensorSpec([], tf.bool)
        function = self._replicas.function
        self._update_once = function(self._update, seed, rate, changes, batch=batch)
        self._add = function(self._add_gradients, seed, batch=batch)
        self._apply_sums = function(self._apply_added, rate, changes)

    def update(self, batch: Batch, seed: Any, learning_rate: Any) -> StepResult:
        """Make one update from a batch, with the dropout seed `[2] int32`."""
        result: StepResult = self._update_once(batch, seed, learning_rate, True)
        return result

    def update_accumulated(
        self, batches: list[tuple[Batch, Any]], learning_rate: Any
    ) -> StepResult:
        """Make one update from the sum of several batches, each with its dropout seed."""
        return self._update_from_sum(batches, learning_rate, changes=True)

    def try_batch(self, batch: Batch, seed: Any, *, accumulated: bool) -> StepResult:
        """Compute what an update needs from a batch, and change nothing.

        The graph function is that of the updates, so that it is traced only once.

        Args:
            batch: batch to try.
            seed: dropout seed, `[2] int32`.
            accumulated: true if the updates are made by `update_accumulated`.
        """
        if accumulated:
            return self._update_from_sum([(batch, seed)], 0.0, changes=False)
        result: StepResult = self._update_once(batch, seed, 0.0, False)
        return result

    def _update_from_sum(
        self, batches: list[tuple[Batch, Any]], learning_rate: Any, *, changes: bool
    ) -> StepResult:
        if not self._sums:
            with self._replicas.scope():
                self._sums = [tf.Variable(tf.zeros_like(w), trainable=False) for w in self._weights]
                self._totals = [tf.Variable(0.0, trainable=False) for _ in range(3)]
        for batch, seed in batches:
            self._add(batch, seed)
        result: StepResult = self._apply_sums(learning_rate, changes)
        return result

    def state(self) -> dict[str, Any]:
        """Return the loss scale and the number of good steps, for a checkpoint."""
        return {
            "loss_scale": self.loss_scale.numpy(),
            "good_steps": self.good_steps.numpy(),
        }

    def restore(self, arrays: Mapping[str, Any]) -> None:
        """Restore the values that `state` returned."""
        self.loss_scale.assign(arrays["loss_scale"])
        self.good_steps.assign(arrays["good_steps"])

    def _update(
        self, batch: Batch, seed: tf.Tensor, learning_rate: tf.Tensor, changes: tf.Tensor
    ) -> StepResult:
        gradients, losses = self._gradients(batch, seed)
        return self._apply(gradients, losses, learning_rate, changes)

    def _gradients(self, batch: Batch, seed: tf.Tensor) -> tuple[list[tf.Tensor], Losses]:
        """Return the summed gradients (times the loss scale) of the replica's rows, and the losses.

        If the share of a replica is empty, the result is zeros, without computation: cuDNN rejects
        rows without tokens, and a placeholder row would have to be removed everywhere.
        """
        if self._replicas.division.whole:
            return self._gradients_of_rows(batch, seed)

        def of_rows() -> tuple[list[tf.Tensor], Losses]:
            return self._gradients_of_rows(batch, self._replicas.own_seed(seed))

        def of_none() -> tuple[list[tf.Tensor], Losses]:
            zeros = [tf.zeros(weight.shape, tf.float32) for weight in self._weights]
            return zeros, Losses(*(tf.zeros([]) for _ in Losses._fields))

        return tf.cond(tf.shape(batch[0])[0] > 0, of_rows, of_none)

    def _gradients_of_rows(self, batch: Batch, seed: tf.Tensor) -> tuple[list[tf.Tensor], Losses]:
        with tf.GradientTape() as tape:
            losses = self._objective.losses(batch, seed, self.loss_scale)
        gradients = tape.gradient(losses.loss, [w.value for w in self._weights])
        return [tf.convert_to_tensor(gradient) for gradient in gradients], losses

    def _add_gradients(self, batch: Batch, seed: tf.Tensor) -> None:
        gradients, losses = self._gradients(batch, seed)
        for total, value in zip([*self._sums, *self._totals], [*gradients, *losses], strict=True):
            add(total, value)

    def _apply_added(self, learning_rate: tf.Tensor, changes: tf.Tensor) -> StepResult:
        losses = Losses(*(tf.identity(total) for total in self._totals))
        gradients = [tf.identity(total) for total in self._sums]
        result = self._apply(gradients, losses, learning_rate, changes)
        for total in [*self._sums, *self._totals]:
            assign(total, tf.zeros_like(total))
        return result

    def _apply(
        self,
        gradients: list[tf.Tensor],
        losses: Losses,
        learning_rate: tf.Tensor,
        changes: tf.Tensor,
    ) -> StepResult:
        """Sum over the replicas, divide by the target count and the loss scale, clip and update.

        Nothing is updated if a sum is not finite or `changes` is false.
        """
        *gradients, loss, likelihood, count = self._replicas.sum([*gradients, *losses])
        losses = Losses(loss, likelihood, count)
        factor = 1.0 / (losses.count * self.loss_scale)
        norm = tf.linalg.global_norm(gradients) * factor
        if self._clip_norm > 0.0:
            factor *= tf.minimum(1.0, self._clip_norm / tf.maximum(norm, 1e-12))
        finite = tf.math.is_finite(norm) & tf.math.is_finite(losses.loss)

        def apply() -> tf.Tensor:
            self._optimizer.apply([gradient * factor for gradient in gradients], learning_rate)
            return tf.constant(True)

        applied = tf.cond(finite & changes, apply, lambda: tf.constant(False))
        if self._scaling:
            self._rescale(finite, changes)
        return StepResult(*losses, norm, applied)

    def _rescale(self, finite: tf.Tensor, changes: tf.Tensor) -> None:
        good = tf.where(finite, self.good_steps + 1, 0)
        grow = good >= _GROW_EVERY
        scale = tf.where(finite, self.loss_scale, tf.maximum(self.loss_scale * 0.5, 1.0))
        scale, good = tf.where(grow, scale * 2.0, scale), tf.where(grow, 0, good)
        assign(self.loss_scale, tf.where(changes, scale, self.loss_scale))
        assign(self.good_steps, tf.where(changes, good, self.good_steps))
