"""Interfaces between a run and its task; loop, checkpoints and reports use only these.

A task is a class that implements `Task`, built from settings and corpus. Its name is registered
in `seq2seq.training.tasks.registry`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import tensorflow as tf

from seq2seq.config.schema import Settings
from seq2seq.training.epoch_data import EpochData
from seq2seq.training.reporting.sample import Sample


class Losses(NamedTuple):
    """Sums over the targets of a batch, `[] float32`.

    Attributes:
        loss: loss that training minimizes; its gradient is multiplied by `scale`.
        negative_log_likelihood: loss without smoothing or class weights.
        count: number of targets (target tokens, sequences or steps), by which the sums are divided
            once.
    """

    loss: tf.Tensor
    negative_log_likelihood: tf.Tensor
    count: tf.Tensor


class Objective(Protocol):
    """Loss that training minimizes, and the weights that it trains."""

    @property
    def weights(self) -> Sequence[Any]:
        """Return the weights of the model, in the order of the optimizer's weights."""

    @property
    def signature(self) -> Sequence[tf.TensorSpec]:
        """Return the signature of the tensors of a batch."""

    @property
    def unit(self) -> str:
        """Return the name of the targets in the plural, such as `tokens`."""

    @property
    def limit(self) -> float:
        """Return the mean loss above which training has exploded."""

    def losses(
        self, batch: Sequence[tf.Tensor], seed: tf.Tensor | None, scale: tf.Tensor | float
    ) -> Losses:
        """Return the losses of a batch.

        Args:
            batch: tensors that match `signature`.
            seed: dropout seed, `[2] int32`; None for no dropout.
            scale: factor of the gradient, applied before it is rounded to a narrow type.
        """


class Validation(NamedTuple):
    """Validation scores by name (`valid_loss`, ...) and a few samples."""

    scores: dict[str, float]
    samples: list[Sample]


class Validator(Protocol):
    """Validation of a model on the validation set."""

    def run(self) -> Validation:
        """Validate the current weights of the model."""


class Task(Protocol):
    """Corpus and model of one run."""

    @property
    def settings(self) -> Settings:
        """Return the settings of the run, with the choices that depend on the corpus."""

    @property
    def fingerprint(self) -> str:
        """Return the fingerprint of the corpus."""

    @property
    def notes(self) -> Sequence[str]:
        """Return lines about the corpus for the user."""

    @property
    def model(self) -> Any:
        """Return the model with the weights that are trained."""

    @property
    def objective(self) -> Objective:
        """Return the objective that training minimizes."""

    @property
    def validator(self) -> Validator:
        """Return the validator of the model."""

    @property
    def vocabulary(self) -> int:
        """Return the width of the output, for the memory estimate."""

    def keep_inputs(self, directory: Path) -> None:
        """Write the tokenizers or scales that prepare inputs into the run directory."""

    def first_weights(self) -> None:
        """Set the initial weights of the model."""

    def epoch_data(self, epoch: int) -> EpochData:
        """Return the data of an epoch: a pure function of settings, corpus and epoch."""

    def finish(
        self, weights: Mapping[str, Any], metrics: Mapping[str, Any], directory: Path
    ) -> dict[str, Any]:
        """Test these weights, and write the exported model into `<directory>/export`.

        Args:
            weights: chosen weights.
            metrics: metrics of the validation.
            directory: directory of the run, which also receives the test predictions.

        Returns:
            all metrics, including those of the test set.
        """
