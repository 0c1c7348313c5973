"""What a run needs of a task. The loop, the checkpoints and the reports know nothing more of it.

A task is a class that fits `Task`, made from settings and corpus; `seq2seq.training.tasks` knows
them by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import tensorflow as tf

from seq2seq.settings import Settings
from seq2seq.training.epoch_data import EpochData
from seq2seq.training.sample import Sample


class Losses(NamedTuple):
    """Sums over the answers of a batch, `[] float32`.

    Attributes:
        loss: what training makes small; its gradient is that of `scale * loss`.
        negative_log_likelihood: the same without smoothing or class weights.
        count: answers: target tokens, sequences or steps. Sums are divided by it once.
    """

    loss: tf.Tensor
    negative_log_likelihood: tf.Tensor
    count: tf.Tensor


class Objective(Protocol):
    """What is made small, and by which weights."""

    @property
    def weights(self) -> Sequence[Any]:
        """Of the model, in the order of the optimizer's."""

    @property
    def signature(self) -> Sequence[tf.TensorSpec]:
        """Of a batch's tensors."""

    @property
    def unit(self) -> str:
        """What `Losses.count` counts, in the plural: `tokens`."""

    @property
    def limit(self) -> float:
        """A mean loss above it means that training has exploded."""

    def losses(
        self, batch: Sequence[tf.Tensor], seed: tf.Tensor | None, scale: tf.Tensor | float
    ) -> Losses:
        """The losses of a batch.

        Args:
            batch: tensors of `signature`.
            seed: of the dropout, `[2] int32`; None: without.
            scale: multiplies the gradient, before it is rounded to a narrow type.
        """


class Validation(NamedTuple):
    """Scores by name (`valid_loss`, ...) and a few samples."""

    scores: dict[str, float]
    samples: list[Sample]


class Validator(Protocol):
    """Measures the model on the validation set."""

    def run(self) -> Validation:
        """Validate the model's present weights."""


class Task(Protocol):
    """One run's corpus and model."""

    @property
    def settings(self) -> Settings:
        """Settings of the run, with what was to be chosen by the corpus chosen."""

    @property
    def fingerprint(self) -> str:
        """Of the corpus."""

    @property
    def notes(self) -> Sequence[str]:
        """What a person should know of the corpus, line by line."""

    @property
    def model(self) -> Any:
        """With the weights that are trained."""

    @property
    def objective(self) -> Objective:
        """What training makes small."""

    @property
    def validator(self) -> Validator:
        """What judges it."""

    @property
    def vocabulary(self) -> int:
        """How wide the output is, for the estimate of memory."""

    def keep_inputs(self, directory: Path) -> None:
        """Write what reads the inputs (tokenizers, scales) into the run directory."""

    def first_weights(self) -> None:
        """Give the model the weights that training starts from."""

    def epoch_data(self, epoch: int) -> EpochData:
        """A pure function of settings, corpus and epoch."""

    def finish(
        self, weights: Mapping[str, Any], metrics: Mapping[str, Any], directory: Path
    ) -> dict[str, Any]:
        """Test these weights, and write the artefact into `<directory>/export`.

        Args:
            weights: the chosen ones.
            metrics: of the validation.
            directory: of the run; predictions of the test set are kept there.

        Returns:
            all metrics, those of the test set added.
        """
