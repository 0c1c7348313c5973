"""One update of the weights, as graph functions that are traced once.

`model.fit` weighs batches by their rows; here sums of loss and of answers are kept apart and
divided once, so that the gradient of a step is the mean over its answers, whatever the padding,
the batch sizes or the number of batches summed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import tensorflow as tf

from seq2seq.training.optimizer import Optimizer
from seq2seq.training.task import Batch, Losses, Objective

_FIRST_SCALE, _GROW_EVERY = 2.0**15, 2000


class StepResult(NamedTuple):
    """What an update reports, all `[]`.

    Attributes:
        loss, negative_log_likelihood, count: see `Losses`.
        gradient_norm: of the mean gradient before clipping; not finite where it overflowed.
        applied: whether the weights moved.
    """

    loss: tf.Tensor
    negative_log_likelihood: tf.Tensor
    count: tf.Tensor
    gradient_norm: tf.Tensor
    applied: tf.Tensor


class TrainStep:
    """Gradients of batches and their application.

    A gradient that is not finite is never applied: with `float16` the loss scale is halved and
    the step skipped (Micikevicius et al. 2018, "Mixed precision training"); otherwise the loop
    stops the run.
    """

    def __init__(
        self,
        objective: Objective,
        optimizer: Optimizer,
        *,
        clip_norm: float,
        loss_scaling: bool,
    ) -> None:
        self._objective, self._optimizer = objective, optimizer
        self._clip_norm = clip_norm
        self._weights = objective.weights
        self._scaling = loss_scaling
        self.loss_scale = tf.Variable(_FIRST_SCALE if loss_scaling else 1.0, trainable=False)
        self.good_steps = tf.Variable(0, dtype=tf.int32, trainable=False)
        self._sums: list[Any] = []
        batch = tuple(objective.signature)
        seed, rate = tf.TensorSpec([2], tf.int32), tf.TensorSpec([], tf.float32)
        self.update = tf.function(
            self._update, input_signature=[batch, seed, rate], autograph=False
        )
        self.gradient_norm = tf.function(
            self._norm_only, input_signature=[batch, seed], autograph=False
        )
        self._add = tf.function(self._add_gradients, input_signature=[batch, seed], autograph=False)
        self._apply_sums = tf.function(self._apply_added, input_signature=[rate], autograph=False)

    def update_accumulated(
        self, batches: list[tuple[Batch, Any]], learning_rate: Any
    ) -> StepResult:
        """One update from the sum of several batches, each with the seed of its dropout."""
        if not self._sums:
            self._sums = [tf.Variable(tf.zeros_like(w), trainable=False) for w in self._weights]
            self._totals = [tf.Variable(0.0, trainable=False) for _ in range(3)]
        for batch, seed in batches:
            self._add(batch, seed)
        return self._apply_sums(learning_rate)

    def state(self) -> dict[str, Any]:
        """The loss scale and what moves it, for a checkpoint."""
        return {
            "loss_scale": self.loss_scale.numpy(),
            "good_steps": self.good_steps.numpy(),
        }

    def restore(self, arrays: Mapping[str, Any]) -> None:
        """Take back what `state` gave."""
        self.loss_scale.assign(arrays["loss_scale"])
        self.good_steps.assign(arrays["good_steps"])

    def _update(self, batch: Batch, seed: tf.Tensor, learning_rate: tf.Tensor) -> StepResult:
        gradients, losses = self._gradients(batch, seed)
        return self._apply(gradients, losses, learning_rate)

    def _norm_only(self, batch: Batch, seed: tf.Tensor) -> tf.Tensor:
        """A forward and a backward pass that leave everything as it was: the dry run."""
        gradients, _ = self._gradients(batch, seed)
        return tf.linalg.global_norm(gradients)

    def _gradients(self, batch: Batch, seed: tf.Tensor) -> tuple[list[tf.Tensor], Losses]:
        """Summed gradients (times the loss scale), and the losses."""
        with tf.GradientTape() as tape:
            losses = self._objective.losses(batch, seed, self.loss_scale)
        gradients = tape.gradient(losses.loss, [w.value for w in self._weights])
        return [tf.convert_to_tensor(gradient) for gradient in gradients], losses

    def _add_gradients(self, batch: Batch, seed: tf.Tensor) -> None:
        gradients, losses = self._gradients(batch, seed)
        for total, value in zip([*self._sums, *self._totals], [*gradients, *losses], strict=True):
            total.assign_add(value)

    def _apply_added(self, learning_rate: tf.Tensor) -> StepResult:
        losses = Losses(*(tf.identity(total) for total in self._totals))
        gradients = [tf.identity(total) for total in self._sums]
        result = self._apply(gradients, losses, learning_rate)
        for total in [*self._sums, *self._totals]:
            total.assign(tf.zeros_like(total))
        return result

    def _apply(
        self, gradients: list[tf.Tensor], losses: Losses, learning_rate: tf.Tensor
    ) -> StepResult:
        """Divide by answers and loss scale once, clip, and update if all is finite."""
        factor = 1.0 / (losses.count * self.loss_scale)
        norm = tf.linalg.global_norm(gradients) * factor
        if self._clip_norm > 0.0:
            factor *= tf.minimum(1.0, self._clip_norm / tf.maximum(norm, 1e-12))
        finite = tf.math.is_finite(norm) & tf.math.is_finite(losses.loss)

        def apply() -> tf.Tensor:
            self._optimizer.apply([gradient * factor for gradient in gradients], learning_rate)
            return tf.constant(True)

        applied = tf.cond(finite, apply, lambda: tf.constant(False))
        if self._scaling:
            self._rescale(finite)
        return StepResult(*losses, norm, applied)

    def _rescale(self, finite: tf.Tensor) -> None:
        good = tf.where(finite, self.good_steps + 1, 0)
        grow = good >= _GROW_EVERY
        scale = tf.where(finite, self.loss_scale, tf.maximum(self.loss_scale * 0.5, 1.0))
        self.loss_scale.assign(tf.where(grow, scale * 2.0, scale))
        self.good_steps.assign(tf.where(grow, 0, good))
