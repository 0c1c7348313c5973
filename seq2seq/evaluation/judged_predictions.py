"""Predictions of classes or numbers with their targets, and scores with intervals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.data.sequences.item import Content
from seq2seq.data.sequences.target_schema import Targets, TargetSchema
from seq2seq.evaluation.label_evaluation import Evaluation
from seq2seq.evaluation.label_scores import prediction_scores
from seq2seq.evaluation.resampling import Interval, bootstrap_interval
from seq2seq.evaluation.tagged_spans import SpanCounts

_MOST_CELLS = 20_000_000  # limit of all statistics of a set; above it macro-F1 has no interval


@dataclass(frozen=True, eq=False)
class LabelledSet:
    """Sequences that a model can read, with their targets.

    Attributes:
        lines: line number of each sequence, or position of the sequence in its file, from 1.
        contents: contents of the sequences.
        targets: targets of each sequence, as `TargetSchema.targets` returns them.
    """

    lines: Sequence[int]
    contents: Sequence[Content]
    targets: Sequence[Targets]


class JudgedPredictions:
    """All predictions of a set one after another: one for each sequence, or for each step.

    Attributes:
        schema: meaning of the outputs.
        outputs: probabilities or numbers, `[predictions, outputs]`.
        targets: class numbers `[predictions]`, marks or numbers `[predictions, outputs]`.
        predicted: predictions in the form of the targets; for several classes, the probabilities.
        sequences: index of the sequence of each prediction, `[predictions]`.
        steps: index of the step of each prediction in its sequence, `[predictions]`.
        scores: 1 for a correct prediction and 0 for a wrong one, or the mean absolute error,
            `[predictions]`.
        lengths: length of each sequence, `[sequences]`.
        number_form: format of a displayed score; errors of a regression may have any magnitude.
    """

    def __init__(self, found: Evaluation, data: LabelledSet, schema: TargetSchema) -> None:
        """Combine the evaluation and the targets of a set."""
        counts = [len(targets) for targets in data.targets]
        self.schema = schema
        self.outputs = np.concatenate([one.outputs for one in found.decoded])
        self.targets = np.concatenate(list(data.targets))
        self.predicted = np.concatenate([one.decided for one in found.decoded])
        self.sequences = np.repeat(np.arange(len(counts)), counts)
        self.steps = np.concatenate([np.arange(count) for count in counts])
        self.scores = prediction_scores(self.predicted, self.targets, schema)
        self.lengths, self._found = found.lengths, found
        self.number_form = ".4g" if schema.has_numbers else ".4f"

    def certainty(self) -> NDArray[np.float64]:
        """Return the probability of each predicted class, `[predictions]`.

        The targets must consist of one class each.
        """
        return np.asarray(self.outputs[np.arange(len(self.predicted)), self.predicted])

    def intervals(self, *, seed: int) -> dict[str, Interval | None]:
        """Return the confidence interval of each score, by the names of `label_scores`.

        Whole sequences are resampled, because the predictions of one sequence depend on each other.
        """
        if self.schema.has_numbers:
            return self._number_intervals(seed)
        parts = {"accuracy": (self._columns([self.scores]), _mean)}
        if 3 * self.schema.outputs * len(self.lengths) <= _MOST_CELLS:
            ours, theirs = self.marks()
            columns = np.hstack([ours & theirs, ours, theirs]).astype(np.float64).T
            parts["macro_f1"] = (self._columns(columns), _macro_f1)
        if self._found.losses is not None:
            counts = np.bincount(self.sequences, minlength=len(self.lengths))
            parts["loss"] = (np.stack([self._found.losses, counts], axis=1), _mean)
        if self._found.spans is not None:
            spans = self._found.spans.by_sequence.astype(np.float64)
            parts |= {
                "span_precision": (spans, lambda sums: SpanCounts(*sums).precision),
                "span_recall": (spans, lambda sums: SpanCounts(*sums).recall),
                "span_f1": (spans, lambda sums: SpanCounts(*sums).f1),
            }
        return {
            name: bootstrap_interval(statistics, score, seed=seed)
            for name, (statistics, score) in parts.items()
        }

    def mean_interval(self, sequences: NDArray[np.int64], *, seed: int) -> Interval | None:
        """Return the confidence interval of the mean score of some sequences."""
        return bootstrap_interval(self._columns([self.scores])[sequences], _mean, seed=seed)

    def marks(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return predicted classes and target classes as marks, both `[predictions, classes]`."""
        if not self.schema.one_class:
            return self.outputs > 0.5, self.targets > 0.5
        classes = np.arange(self.schema.outputs)
        return self.predicted[:, np.newaxis] == classes, self.targets[:, np.newaxis] == classes

    def _number_intervals(self, seed: int) -> dict[str, Interval | None]:
        outputs = self.schema.outputs
        errors = self.outputs.astype(np.float64) - self.targets
        # Centred, so that the squares of large numbers keep their last digits.
        centred = self.targets - self.targets.mean(axis=0, dtype=np.float64)
        columns = [*np.abs(errors).T, *(errors**2).T, *centred.T, *(centred**2).T]
        statistics = self._columns(columns)

        def split(sums: NDArray[Any]) -> Iterator[NDArray[Any]]:
            return iter(sums[:-1].reshape(4, outputs) / sums[-1])

        def mae(sums: NDArray[Any]) -> float:
            return float(next(split(sums)).mean())

        def rmse(sums: NDArray[Any]) -> float:
            _, squares, *_ = split(sums)
            return float(np.sqrt(squares.mean()))

        def r2(sums: NDArray[Any]) -> float:
            _, squares, mean, mean_square = split(sums)
            spread = mean_square - mean**2
            explained = 1.0 - squares / np.where(spread > 0.0, spread, 1.0)
            return float(np.where(spread > 0.0, explained, 0.0).mean())

        scores = {"mae": mae, "rmse": rmse, "r2": r2}
        return {
            name: bootstrap_interval(statistics, score, seed=seed) for name, score in scores.items()
        }

    def _columns(self, columns: Sequence[NDArray[Any]] | NDArray[Any]) -> NDArray[np.float64]:
        """Return, for each sequence, the sum of each column and the number of predictions."""
        count = len(self.lengths)
        everything = [*columns, np.ones(len(self.sequences))]
        sums = [np.bincount(self.sequences, weights=one, minlength=count) for one in everything]
        return np.stack(sums, axis=1)


def _mean(sums: NDArray[Any]) -> float:
    return float(sums[0] / max(1.0, sums[1]))


def _macro_f1(sums: NDArray[Any]) -> float:
    right, predicted, wanted = sums[:-1].reshape(3, -1)
    both = predicted + wanted
    present = both > 0
    return float((2.0 * right[present] / both[present]).mean()) if present.any() else 0.0
