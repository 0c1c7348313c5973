"""Classification and regression of sequences with the interface of scikit-learn.

    from seq2seq import SequenceClassifier

    SequenceClassifier(epochs=30).fit(sequences, labels).predict(others)

A sequence is an array `[time, features]`, an array `[time]` of one feature, or a text; lengths may
differ. Steps of NaN at the end of an array are treated as padding and removed. Training works as in
`seq2seq train`, in a directory that is removed afterwards.
"""

from __future__ import annotations

import logging
import tempfile
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from numbers import Integral
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils import assert_all_finite, check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, column_or_1d

from seq2seq.config.choices import PoolingKind, Task
from seq2seq.config.schema import Settings, settings_from_mapping
from seq2seq.data.sequences.in_memory import (
    Sequences,
    check_training,
    rows_of,
    sequences_of,
    write_sequences,
)
from seq2seq.data.sequences.item import Values
from seq2seq.data.sequences.preparation import BadSequenceError
from seq2seq.errors import DataError, SettingsError
from seq2seq.inference.predictor import Predictor
from seq2seq.training.reporting.terminal import SilentReport
from seq2seq.training.run import train

_MOST_SEED = 2**31 - 1
# Names of settings as parameters of the estimators, for messages.
_PARAMETERS = {
    "model.units": "units",
    "model.embedding_dim": "units",
    "model.encoder_layers": "layers",
    "model.bidirectional": "bidirectional",
    "model.dropout": "dropout",
    "task.pooling": "pooling",
    "optimizer.learning_rate": "learning_rate",
    "training.max_epochs": "epochs",
    "batching.max_tokens": "batch_steps",
    "tokenizer.vocab_size": "vocab_size",
    "tokenizer.byte_fallback=true": "unknown characters as bytes",
}


class _SequenceEstimator(BaseEstimator):
    """Common part of both estimators.

    Attributes:
        exported_model_: trained model, as it would be exported.
    """

    def __init__(
        self,
        *,
        units: int = 64,
        layers: int = 1,
        bidirectional: bool = True,
        pooling: PoolingKind = "mean",
        dropout: float = 0.2,
        learning_rate: float = 3e-3,
        epochs: int = 20,
        batch_steps: int = 500,
        vocab_size: int = 2000,
        random_state: int | np.random.RandomState | np.random.Generator | None = 0,
    ) -> None:
        """Store the estimator's options.

        Args:
            units, layers, bidirectional, dropout: settings of `model`.
            pooling: reduction of the steps to one prediction: `last`, `mean`, `max` or `attention`.
            learning_rate: initial learning rate, with a cosine schedule.
            epochs: passes over the training set.
            batch_steps: largest number of steps in a batch, padding included.
            vocab_size: number of tokens in the vocabulary of texts.
            random_state: seed of the initial weights, the dropout and the order of the data. With a
                number, each `fit` gives the same model; with None or a random generator, each `fit`
                gives a different model.
        """
        self.units, self.layers, self.bidirectional = units, layers, bidirectional
        self.pooling, self.dropout = pooling, dropout
        self.learning_rate, self.epochs, self.batch_steps = learning_rate, epochs, batch_steps
        self.vocab_size, self.random_state = vocab_size, random_state

    def __getstate__(self) -> dict[str, Any]:
        """Return everything except the built model, which is rebuilt from `exported_model_`."""
        return {name: value for name, value in super().__getstate__().items() if name != "_built"}

    def _train(self, sequences: Sequences, targets: NDArray[Any], task: Task) -> None:
        contents = sequences_of(sequences)
        if not contents:
            raise ValueError("X holds no sequences to train on")
        if len(contents) != len(targets):
            raise ValueError(f"X has {len(contents)} sequences and y has {len(targets)} labels")
        check_training(contents)
        with tempfile.TemporaryDirectory(prefix="seq2seq-fit-") as name:
            directory = Path(name)
            train_name = write_sequences(directory / "train", contents, targets)
            # Nothing is held out, because users can cross-validate. The run needs some validation
            # data.
            some = max(1, len(contents) // 10)
            valid_name = write_sequences(directory / "valid", contents[:some], targets[:some])
            try:
                settings = self._settings(directory, task, train=train_name, valid=valid_name)
                with _messages_in_parameters():
                    result = train(settings, report=SilentReport())
            except BadSequenceError as error:
                raise ValueError(
                    f"X[{error.position - 1}] cannot be used: {error.error}"
                ) from error
            except (DataError, SettingsError) as error:
                raise ValueError(_in_parameters(str(error))) from error
            predictor = Predictor.load(result.export)
        self.exported_model_ = predictor.exported_model
        self._built = predictor

    def _settings(self, directory: Path, task: Task, *, train: str, valid: str) -> Settings:
        """Return the settings of a run in `directory` on its files `train` and `valid`.

        Raises:
            SettingsError: a parameter is invalid.
        """
        data = {
            "name": "fit",
            "directory": str(directory),
            "train": {"source": train},
            "valid": {"source": valid},
            "max_length": 1_000_000,
            "on_bad_line": "fail",
        }
        model = {
            "units": int(self.units),
            "encoder_layers": int(self.layers),
            "bidirectional": bool(self.bidirectional),
            "dropout": float(self.dropout),
            "embedding_dim": int(self.units),
        }
        return settings_from_mapping(
            {
                "name": "fit",
                "seed": seed_of(self.random_state),
                "runs": str(directory / "runs"),
                "task": {"name": task, "pooling": self.pooling},
                "data": data,
                "tokenizer": {"vocab_size": int(self.vocab_size)},
                "model": model,
                "batching": {"strategy": "dynamic", "max_tokens": int(self.batch_steps)},
                "optimizer": {"learning_rate": float(self.learning_rate), "schedule": "cosine"},
                "loss": {"label_smoothing": 0.0},
                "training": {
                    "max_epochs": int(self.epochs),
                    "patience": 0,
                    "monitor": "valid_loss",
                    "validate_steps": 1_000_000_000,  # only at the end
                },
            }
        )

    def _outputs(self, sequences: Sequences) -> Values:
        """Return the probabilities or numbers of each sequence, `[sequences, outputs]`.

        A text without tokens gets the share of each class, or the mean of the targets, in the
        training set.
        """
        check_is_fitted(self, "exported_model_")
        if getattr(self, "_built", None) is None:
            self._built = Predictor(self.exported_model_)
        predictor, contents = self._built, sequences_of(sequences)
        for number, content in enumerate(contents):
            error = predictor.inputs.error_in(content)
            if error is not None:
                raise ValueError(f"X[{number}] is {error}")
        found = predictor.outputs(contents)
        blank = [number for number, rows in enumerate(found) if not len(rows)]
        if blank:
            warnings.warn(
                f"{rows_of(blank)} of X hold no text; they get the shares of the classes, or the "
                "mean of y, in training",
                stacklevel=3,
            )
        unknown = self._without_input()
        outputs = [rows[0] if len(rows) else unknown for rows in found]
        return np.array(outputs, unknown.dtype).reshape(len(outputs), len(unknown))

    def _without_input(self) -> Values:
        """Return the best output for a text without tokens, `[outputs]`."""
        schema = self.exported_model_.schema
        if schema.has_numbers:
            return np.array(schema.scale.mean, schema.scale.precision)
        return np.array(schema.counts, np.float32) / np.float32(sum(schema.counts))


class SequenceClassifier(ClassifierMixin, _SequenceEstimator):
    """An LSTM classifier of sequences of different lengths, or of texts.

    Attributes:
        classes_: labels, sorted.
        exported_model_: trained model.
    """

    def fit(self, X: Sequences, y: ArrayLike) -> Self:
        """Train on sequences `X` with labels `y` `[sequences]`.

        Raises:
            ValueError: the numbers of labels and sequences differ, there are fewer than two
                classes, or a sequence or a parameter is invalid.
        """
        assert_all_finite(y, input_name="y")
        check_classification_targets(y)
        labels = column_or_1d(y, warn=True)
        self.classes_, numbers = np.unique(labels, return_inverse=True)
        if len(self.classes_) < 2:
            found = f"one class, {self.classes_[0]!r}" if len(self.classes_) else "no class"
            raise ValueError(f"the labels hold {found}; two are needed")
        self._train(X, numbers.astype(str), "classification")
        return self

    def predict(self, X: Sequences) -> NDArray[Any]:
        """Return the most probable label of each sequence, `[sequences]`."""
        numbers = self.predict_proba(X).argmax(axis=1)
        labels: NDArray[Any] = self.classes_[numbers]
        return labels

    def predict_proba(self, X: Sequences) -> Values:
        """Return the probability of each of `classes_`, `[sequences, classes]`."""
        return self._outputs(X)


class SequenceRegressor(RegressorMixin, _SequenceEstimator):
    """An LSTM regressor for sequences of different lengths, or for texts."""

    def fit(self, X: Sequences, y: ArrayLike) -> Self:
        """Train on sequences `X` with numbers `y` `[sequences]` or `[sequences, outputs]`.

        Raises:
            ValueError: the numbers of targets and sequences differ, or a sequence, a number or a
                parameter is invalid.
        """
        if y is None:
            raise ValueError("fit requires y to be passed, but the target y is None")
        numbers = np.asarray(y, np.float64)
        assert_all_finite(numbers, input_name="y")
        self._single = numbers.ndim == 1
        self._train(X, numbers, "regression")
        return self

    def predict(self, X: Sequences) -> Values:
        """Return the numbers of each sequence, in the shape of `y`."""
        outputs = self._outputs(X)
        return outputs[:, 0] if self._single else outputs


def seed_of(random_state: Any) -> int:
    """Return a seed: the given number, or one drawn from the generator (for None, NumPy's global).

    Raises:
        ValueError: `random_state` is not a number from 0 to 2**32 - 1, None, or a random generator.
    """
    if isinstance(random_state, np.random.Generator):
        return int(random_state.integers(_MOST_SEED))
    drawn = check_random_state(random_state)  # raises for any other value
    if isinstance(random_state, Integral):
        return int(random_state) % (_MOST_SEED + 1)
    return int(drawn.randint(_MOST_SEED))


@contextmanager
def _messages_in_parameters() -> Iterator[None]:
    """Replace settings by parameters in the log messages of this thread within the block."""
    thread, logger = threading.get_ident(), logging.getLogger("seq2seq")

    def rename(record: logging.LogRecord) -> bool:
        if record.thread == thread:
            record.msg = _in_parameters(str(record.msg))
        return True

    logger.addFilter(rename)
    try:
        yield
    finally:
        logger.removeFilter(rename)


def _in_parameters(message: str) -> str:
    """Return the message with settings replaced by the parameters of the estimators."""
    for setting, parameter in _PARAMETERS.items():
        message = message.replace(setting, parameter)
    return message
