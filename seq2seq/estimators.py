"""Classification and regression of sequences with scikit-learn's habits.

    from seq2seq import SequenceClassifier
    SequenceClassifier(epochs=30).fit(sequences, labels).predict(others)

A sequence is an array `[time, features]`, an array `[time]` of one feature, or a text; they may
differ in length. Training is that of `seq2seq train`, in a directory that is removed afterwards.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils import assert_all_finite
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, column_or_1d

from seq2seq.inference.predictor import Predictor
from seq2seq.settings import Settings, settings_from_mapping
from seq2seq.training.report import SilentReport
from seq2seq.training.run import train

Sequences = Sequence[Any]

_TRAIN, _VALID = "train.jsonl", "valid.jsonl"


class _SequenceEstimator(BaseEstimator):
    """What both estimators share.

    Attributes:
        artefact_: the trained model, as it would be exported.
    """

    def __init__(
        self,
        *,
        units: int = 64,
        layers: int = 1,
        bidirectional: bool = True,
        pooling: str = "mean",
        dropout: float = 0.2,
        learning_rate: float = 3e-3,
        epochs: int = 20,
        batch_steps: int = 500,
        vocab_size: int = 2000,
        random_state: int = 0,
    ) -> None:
        """The estimator's options.

        Args:
            units, layers, bidirectional, dropout: `model` of the settings.
            pooling: `last`, `mean`, `max` or `attention`, of the steps into one answer.
            learning_rate: falls to its end along a cosine.
            epochs: passes over the training set.
            batch_steps: most steps of a batch, padding counted.
            vocab_size: pieces of the tokenizer of texts.
            random_state: of weights, dropout and order.
        """
        self.units, self.layers, self.bidirectional = units, layers, bidirectional
        self.pooling, self.dropout = pooling, dropout
        self.learning_rate, self.epochs, self.batch_steps = learning_rate, epochs, batch_steps
        self.vocab_size, self.random_state = vocab_size, random_state

    def __getstate__(self) -> dict[str, Any]:
        """All but the built model, which is made again from the artefact."""
        return {name: value for name, value in super().__getstate__().items() if name != "_built"}

    def _train(self, sequences: Sequences, labels: list[Any], task: str) -> None:
        contents = _checked(sequences)
        if not contents:
            raise ValueError("there are no sequences to train on (received an empty X)")
        if len(contents) != len(labels):
            raise ValueError(f"{len(contents)} sequences and {len(labels)} labels")
        with tempfile.TemporaryDirectory(prefix="seq2seq-fit-") as name:
            directory = Path(name)
            lines = [
                json.dumps({"source": _plain(content), "target": label}) + "\n"
                for content, label in zip(contents, labels, strict=True)
            ]
            (directory / _TRAIN).write_text("".join(lines), encoding="utf-8")
            # Nothing is held out: who wants that cross-validates. The run needs some to look at.
            (directory / _VALID).write_text(
                "".join(lines[: max(1, len(lines) // 10)]), encoding="utf-8"
            )
            result = train(self._settings(directory, task), report=SilentReport())
            predictor = Predictor.load(result.export)
        self.artefact_ = predictor.artefact
        self._built = predictor

    def _settings(self, directory: Path, task: str) -> Settings:
        """The settings of a run in `directory`."""
        data = {
            "name": "fit",
            "directory": str(directory),
            "train": {"source": _TRAIN},
            "valid": {"source": _VALID},
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
                "seed": int(self.random_state),
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
                    "validate_steps": 1_000_000_000,  # at the end alone
                },
            }
        )

    def _outputs(self, sequences: Sequences) -> NDArray[np.float32]:
        """Probabilities or numbers of each sequence, `[sequences, outputs]`."""
        check_is_fitted(self, "artefact_")
        if getattr(self, "_built", None) is None:
            self._built = Predictor.from_artefact(self.artefact_)
        predictor = self._built
        contents = predictor.contents(_checked(sequences))
        return np.concatenate([rows[:1] for rows in predictor.outputs(contents)])


class SequenceClassifier(ClassifierMixin, _SequenceEstimator):
    """An LSTM classifier of sequences of different lengths, or of texts.

    Attributes:
        classes_: the labels, sorted.
        artefact_: the trained model.
    """

    def fit(self, X: Sequences, y: ArrayLike) -> Self:
        """Train on sequences `X` with labels `y` `[sequences]`.

        Raises:
            ValueError: there are not as many labels as sequences, or fewer than two classes.
            UserError: a sequence cannot be used.
        """
        assert_all_finite(y, input_name="y")
        check_classification_targets(y)
        labels = column_or_1d(y, warn=True)
        self.classes_, numbers = np.unique(labels, return_inverse=True)
        if len(self.classes_) < 2:
            found = f"one class, {self.classes_[0]!r}" if len(self.classes_) else "no class"
            raise ValueError(f"the labels hold {found}; two are needed")
        self._train(X, [str(number) for number in numbers], "classification")
        return self

    def predict(self, X: Sequences) -> NDArray[Any]:
        """The likeliest label of each sequence, `[sequences]`."""
        numbers = self.predict_proba(X).argmax(axis=1)
        labels: NDArray[Any] = self.classes_[numbers]
        return labels

    def predict_proba(self, X: Sequences) -> NDArray[np.float32]:
        """The probability of each of `classes_`, `[sequences, classes]`."""
        return self._outputs(X)


class SequenceRegressor(RegressorMixin, _SequenceEstimator):
    """An LSTM that gives numbers for sequences of different lengths, or for texts."""

    def fit(self, X: Sequences, y: ArrayLike) -> Self:
        """Train on sequences `X` with numbers `y` `[sequences]` or `[sequences, outputs]`.

        Raises:
            ValueError: there are not as many numbers as sequences.
            UserError: a sequence or a number cannot be used.
        """
        if y is None:
            raise ValueError("fit requires y to be passed, but the target y is None")
        numbers = np.asarray(y, np.float64)
        assert_all_finite(numbers, input_name="y")
        self._single = numbers.ndim == 1
        self._train(X, numbers.tolist(), "regression")
        return self

    def predict(self, X: Sequences) -> NDArray[np.float32]:
        """The numbers of each sequence, in the shape of `y`."""
        outputs = self._outputs(X)
        return outputs[:, 0] if self._single else outputs


def _checked(sequences: Sequences) -> list[str | NDArray[np.float32]]:
    """Texts, and arrays of finite numbers.

    Raises:
        TypeError: the sequences are a sparse matrix.
        ValueError: one of them is something else.
    """
    if hasattr(sequences, "toarray"):
        raise TypeError("the sequences are a sparse matrix; give arrays: call toarray() on it")
    # A data frame itself would give the names of its columns.
    each: Any = np.asarray(sequences) if hasattr(sequences, "__array__") else sequences
    return [one if isinstance(one, str) else _numbers(one) for one in each]


def _numbers(sequence: ArrayLike) -> NDArray[np.float32]:
    if np.iscomplexobj(sequence):
        raise ValueError("Complex data not supported: give real and imaginary parts as features")
    values = np.asarray(sequence, np.float32)
    if values.ndim not in (1, 2) or not values.size or not np.isfinite(values).all():
        raise ValueError(
            f"a sequence is an array of {list(values.shape)}; it must be of [time, features] or "
            "[time], with at least one step, of finite numbers: no NaN, no inf"
        )
    return values


def _plain(content: str | NDArray[np.float32]) -> Any:
    """What JSON can hold of it."""
    return content if isinstance(content, str) else content.tolist()
