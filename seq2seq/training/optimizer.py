"""Optimizers and learning-rate schedules.

Optimizers use TensorFlow's fused update operations, which run one kernel per weight; the optimizers
of Keras run about a dozen. Their state consists only of named arrays, as a checkpoint needs it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from seq2seq.config.schema import OptimizerSettings
from seq2seq.errors import ModelError

State = dict[str, NDArray[Any]]


class Optimizer:
    """Optimizer of a fixed list of weights; its state consists of its slots and update count.

    Sources: Kingma & Ba 2015 (`adam`), Loshchilov & Hutter 2019 (`adamw`), Sutskever et al.
    2013 (`sgd` with momentum).
    """

    def __init__(self, settings: OptimizerSettings, weights: Sequence[Any]) -> None:
        self._settings = settings
        self._weights = [weight.value for weight in weights]
        self._paths = [weight.path for weight in weights]
        slots = ("momentum",) if settings.name == "sgd" else ("mean", "variance")
        self._slots = {
            slot: [tf.Variable(tf.zeros_like(w), trainable=False) for w in self._weights]
            for slot in slots
        }
        self.updates = tf.Variable(0, dtype=tf.int64, trainable=False)

    def apply(self, gradients: Sequence[tf.Tensor], learning_rate: tf.Tensor) -> None:
        """Update all weights.

        Args:
            gradients: dense gradients, one per weight, in the order of the weights.
            learning_rate: learning rate, `[] float32`.
        """
        add(self.updates, tf.constant(1, tf.int64))
        # Once for all weights: in a graph, operations for each weight take long to trace.
        count = tf.cast(self.updates, tf.float32)
        powers = [tf.pow(self._settings.beta_1, count), tf.pow(self._settings.beta_2, count)]
        for index, (weight, gradient) in enumerate(zip(self._weights, gradients, strict=True)):
            if self._settings.name == "sgd":
                self._momentum(index, weight, gradient, learning_rate)
            else:
                self._adam(index, weight, gradient, learning_rate, powers)

    def _adam(
        self,
        index: int,
        weight: tf.Variable,
        gradient: tf.Tensor,
        learning_rate: tf.Tensor,
        powers: Sequence[tf.Tensor],
    ) -> None:
        """Update a weight; `powers` are those of both betas, by the number of updates."""
        settings = self._settings
        if settings.name == "adamw" and len(weight.shape) > 1:
            subtract(weight, learning_rate * settings.weight_decay * weight)
        tf.raw_ops.ResourceApplyAdam(
            var=weight.handle,
            m=self._slots["mean"][index].handle,
            v=self._slots["variance"][index].handle,
            beta1_power=powers[0],
            beta2_power=powers[1],
            lr=learning_rate,
            beta1=settings.beta_1,
            beta2=settings.beta_2,
            epsilon=settings.epsilon,
            grad=gradient,
        )

    def _momentum(
        self, index: int, weight: tf.Variable, gradient: tf.Tensor, learning_rate: tf.Tensor
    ) -> None:
        tf.raw_ops.ResourceApplyKerasMomentum(
            var=weight.handle,
            accum=self._slots["momentum"][index].handle,
            lr=learning_rate,
            grad=gradient,
            momentum=self._settings.momentum,
        )

    def state(self) -> State:
        """Return all arrays of the optimizer by name."""
        arrays: State = {"updates": self.updates.numpy()}
        for slot, variables in self._slots.items():
            for path, variable in zip(self._paths, variables, strict=True):
                arrays[f"{slot}/{path}"] = variable.numpy()
        return arrays

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Restore the arrays that `state` returned.

        Raises:
            ModelError: the arrays belong to another optimizer or model.
        """
        expected = self.state()
        for name, value in expected.items():
            if name not in arrays or np.shape(arrays[name]) != np.shape(value):
                raise ModelError(
                    f"the checkpoint does not fit the optimizer: {name!r} is missing or has "
                    "another shape; the settings changed since it was written"
                )
        self.updates.assign(arrays["updates"])
        for slot, variables in self._slots.items():
            for path, variable in zip(self._paths, variables, strict=True):
                variable.assign(arrays[f"{slot}/{path}"])


def learning_rate(
    settings: OptimizerSettings, *, step: int, total_steps: int | None, plateaus: int = 0
) -> float:
    """Return the learning rate of update number `step`, counted from 1.

    It rises linearly during the warm-up, then follows the schedule.

    Args:
        settings: settings of the optimizer.
        step: number of the next update.
        total_steps: number of updates of the run, if known; `cosine` and `linear` fall to the
            minimum at this step if `decay_steps` is not set.
        plateaus: number of plateaus of the validation score (`plateau` only).

    Sources: Vaswani et al. 2017 for `inverse_sqrt`, Loshchilov & Hutter 2017 for `cosine`.
    """
    peak, lowest = settings.learning_rate, settings.minimum_learning_rate
    warmup = settings.warmup_steps
    if step <= warmup:
        return peak * step / warmup
    if settings.schedule == "plateau":
        return max(lowest, peak * settings.plateau_factor**plateaus)
    if settings.schedule == "inverse_sqrt":
        return max(lowest, peak * math.sqrt(max(1, warmup) / step))
    if settings.schedule == "constant":
        return peak
    end = settings.decay_steps or total_steps or warmup + 1
    share = min(1.0, (step - warmup) / max(1, end - warmup))
    falling = (
        0.5 * (1.0 + math.cos(math.pi * share)) if settings.schedule == "cosine" else 1 - share
    )
    return max(lowest, peak * falling)


def assign(variable: Any, value: tf.Tensor) -> None:
    """Set the value of a variable, in this replica's copy."""
    tf.raw_ops.AssignVariableOp(resource=variable.handle, value=value)


def add(variable: Any, value: tf.Tensor) -> None:
    """Add `value` to a variable, in this replica's copy."""
    tf.raw_ops.AssignAddVariableOp(resource=variable.handle, value=value)


def subtract(variable: Any, value: tf.Tensor) -> None:
    """Subtract `value` from a variable, in this replica's copy."""
    tf.raw_ops.AssignSubVariableOp(resource=variable.handle, value=value)
